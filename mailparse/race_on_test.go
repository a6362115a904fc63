//go:build race

package mailparse

const raceDetector = true
