package messages

import "testing"

// Whatever bytes a row has, decoding ends with a value or an error; what was written comes back.
func FuzzUnpack(f *testing.F) {
	for _, a := range []attempts{{}, {count: 3, alone: 2}, {kept: true}, {kept: true, erased: true}, {kept: true, place: 1 << 40}, {place: 7, partial: true}} {
		f.Add(a.pack())
		if got, err := unpack(a.pack()); err != nil || got != a {
			f.Errorf("%+v came back as %+v, %v", a, got, err)
		}
	}
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := unpack(b)
		if err != nil {
			return
		}
		if again, err := unpack(a.pack()); err != nil || again != a {
			t.Errorf("%+v came back as %+v, %v", a, again, err)
		}
	})
}
