package main

import (
	"context"
	"errors"
)

const explainUsage = "replyby explain"

func runExplain(_ context.Context, e *env) int { return e.fail(found, errors.New("not yet")) }
