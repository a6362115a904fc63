package main

import (
	"context"
	"errors"
)

const checkUsage = "replyby check"

func runCheck(_ context.Context, e *env) int { return e.fail(found, errors.New("not yet")) }
