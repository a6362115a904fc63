package main

import (
	"context"
	"errors"
)

const initUsage = "replyby init"

func runInit(_ context.Context, e *env) int { return e.fail(found, errors.New("not yet")) }
