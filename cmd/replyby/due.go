package main

import (
	"context"
	"errors"
)

const dueUsage = "replyby due"

func runDue(_ context.Context, e *env) int { return e.fail(found, errors.New("not yet")) }
