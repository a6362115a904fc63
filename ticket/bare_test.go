package ticket_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/ticket"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

// filled sets everything within a value to something else than zero. An erased ticket within a body is left out: it is what stays already.
func filled(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*ticket.Ticket]() {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			filled(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		filled(v.Index(0))
	case reflect.Array:
		filled(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		filled(key)
		filled(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("said")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(1)
	default:
		panic(fmt.Sprintf("a field of kind %s", v.Kind()))
	}
}

// said lists the fields within a value that are not zero, each type once, as Type.Field.
func said(v reflect.Value) (list []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			list = said(v.Elem())
		}
	case reflect.Slice:
		if v.Len() > 0 {
			list = said(v.Index(0))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			list = append(list, said(v.MapIndex(key))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.Anonymous && f.IsExported() && !v.Field(i).IsZero() {
				list = append(list, v.Type().Name()+"."+f.Name)
			}
			if f.IsExported() {
				list = append(list, said(v.Field(i))...)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func fields(of string, names string) (list []string) {
	for name := range strings.FieldsSeq(names) {
		list = append(list, of+"."+name)
	}
	return list
}

// I11: no field outlives an erasure that is not listed here. A field that is new is not, until somebody has asked himself whether it may hold a
// word, a name or an address of a customer.
func TestWhatOutlivesAnErasure(t *testing.T) {
	letter := fields("Letter", "ID MessageID Purpose Customer From Hash BodyHash Draft By Answers Then NotBefore Urgent")
	toStaff := append(fields("Letter", "To Bcc Subject Words Text"), letter...)
	body := slices.Concat(toStaff,
		fields("Body", "Message Letters Tokens Delivery Rung Obligation Auth Verb Unsaid Person Ref Link Wake"),
		fields("Message", "Raw Seen Kind Folder ReceivedAt"),
		fields("Token", "Hash Person Draft Purpose Spent Given Shown Letter"),
		fields("Delivery", "Letter Attempt At Code Server Stage Proof OnWire"),
		fields("Rung", "Name At To Means Done Told"))
	remains := slices.Concat(letter,
		fields("Ticket", "Desk Number Ref State Before Raw LastRaw ReceivedAt IntakeAt Verdict Assignee Duties Draft Decided Posted Links AgreedAt AgreedTo Billed RefundedAt Filed Notice MergedInto ClosedBy HeldBy Roster Told Wake DigestAt SummedAt RestoredAt Foreign ClaimedAt RetimedAt ErasedAt CreatedAt AnsweredAt CustomerAt UnheardAt Last Outside"),
		fields("Act", "Kind By At"),
		fields("Verdict", "Urgency Contract Hint Language Category Source Policy Reply"),
		fields("Obligation", "Name As From Target Limit ActBy Reading Calendar Count Rungs MetAt MetBy SetAt Void Shut"),
		fields("Rung", "Name At To Means Done Told"),
		fields("Draft", "Version Template Language"),
		fields("Posted", "State Attempt At Server DecidedAt"),
		fields("Filed", "Raw Kind At"),
		fields("Notice", "Kind Matter From Until Asks"),
		fields("Entry", "Away AwayWhy Greeted Answered Proof Signature Junk"))
	var b ticket.Body
	filled(reflect.ValueOf(&b).Elem())
	for _, k := range kinds() {
		want := body
		if k == kind.DecisionRefused {
			want = append(fields("Body", "Reason"), want...)
		}
		wantSaid(t, string(k), erasure.Bare(b, k), want)
	}
	var whole ticket.Ticket
	filled(reflect.ValueOf(&whole).Elem())
	wantSaid(t, "what remains of a ticket", erasure.Remains(whole), remains)
}

func wantSaid(t *testing.T, of string, left any, want []string) {
	t.Helper()
	want = slices.Clone(want)
	slices.Sort(want)
	if diff := cmp.Diff(want, said(reflect.ValueOf(left))); diff != "" {
		t.Errorf("%s: may stay -, stays +\n%s", of, diff)
	}
}
