package link

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"
)

// F15: what is about the moment is told from what is about the secret.
func TestLoginErrors(t *testing.T) {
	for _, tc := range []struct {
		code, text string
		want       error
	}{
		{"AUTHENTICATIONFAILED", "no", ErrRefused},
		{"AUTHORIZATIONFAILED", "no", ErrRefused},
		{"EXPIRED", "password expired", ErrRefused},
		{"CONTACTADMIN", "call us", ErrRefused},
		{"ALERT", "Application-specific password required", ErrRefused},
		{"ALERT", "Invalid credentials (Failure)", ErrRefused},
		{"", "LOGIN failed.", ErrRefused},
		{"ALERT", "Too many simultaneous connections. (Failure)", ErrBusy},
		{"", "Too many connections", ErrBusy},
		{"", "Server is busy, try again later", ErrBusy},
		{"", "Temporary authentication failure", ErrBusy},
		{"UNAVAILABLE", "backend is down", ErrBusy},
		{"unavailable", "backend is down", ErrBusy},
		{"INUSE", "locked", ErrBusy},
		{"LIMIT", "too much", ErrBusy},
		{"OVERQUOTA", "Account exceeded command or bandwidth limits", ErrBusy},
		{"THROTTLED", "slow down", ErrBusy},
		{"SERVERBUG", "oops", ErrBusy},
	} {
		status := &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCode(tc.code), Text: tc.text}
		if err := loginError("u", fmt.Errorf("wrapped: %w", status)); !errors.Is(err, tc.want) {
			t.Errorf("[%s] %s: got %v, want %v", tc.code, tc.text, err, tc.want)
		}
	}
}

// F15: each code of RFC 5530, 3, and those that servers use besides, is about us for good, or about the moment; the latter never counts
// as a try with a wrong password, and never as a refusal that ends marking or idling for the session.
func TestCodes(t *testing.T) {
	now, forGood := []string{
		"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA", "THROTTLED", "CORRUPTION",
	}, []string{
		"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN", "NOPERM", "EXPUNGEISSUED", "CLIENTBUG",
		"CANNOT", "ALREADYEXISTS", "NONEXISTENT", "TRYCREATE", "WEBALERT", "BADCHARSET", "UNKNOWN-CTE", "TOOBIG", "HASCHILDREN", "NOTSAVED",
	}
	if n := len(now) + len(forGood); n != 25 {
		t.Fatalf("%d codes", n)
	}
	for _, kind := range []imap.StatusResponseType{imap.StatusResponseTypeNo, imap.StatusResponseTypeBye} {
		for _, code := range append(now, forGood...) {
			status := &imap.Error{Type: kind, Code: imap.ResponseCode(code), Text: "said the server"}
			want, passing := ErrRefused, slices.Contains(now, code)
			if passing {
				want = ErrBusy
			}
			if err := loginError("u", status); !errors.Is(err, want) {
				t.Errorf("%s [%s] at login: %v, want %v", kind, code, err, want)
			}
			if busy(status) != passing {
				t.Errorf("%s [%s]: passing %t", kind, code, busy(status))
			}
		}
	}
}

func TestParseBye(t *testing.T) {
	for _, tc := range []struct{ bye, code, text string }{
		{"[UNAVAILABLE] later", "UNAVAILABLE", " later"},
		{"Server shutting down.", "", "Server shutting down."},
		{"[half", "", "[half"},
		{"text [CODE] more", "", "text [CODE] more"},
	} {
		if got := parseBye(tc.bye); string(got.Code) != tc.code || got.Text != tc.text {
			t.Errorf("%q: got %q %q", tc.bye, got.Code, got.Text)
		}
	}
}
