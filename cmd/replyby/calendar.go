package main

import (
	"context"
	"errors"
)

const calendarUsage = "replyby calendar"

func runCalendar(_ context.Context, e *env) int { return e.fail(found, errors.New("not yet")) }
