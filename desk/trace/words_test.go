package trace

import "testing"

// An address or a reference is found wherever it stands by itself, and not within another.
func TestNamed(t *testing.T) {
	const rio = "rio@cliente.example"
	for text, want := range map[string]bool{
		"": false, rio: true, "Da: <RIO@Cliente.example>": true, "scrivi a 'rio@cliente.example'.": true, "mailto:rio@cliente.example,": true,
		"rio@cliente.example. Grazie": true, "mario@cliente.example": false, "x.rio@cliente.example": false, "rio@cliente.example.it": false,
		"rio@cliente.example-2": false, "mario@cliente.example, rio@cliente.example": true,
	} {
		if got := named(text, rio); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	for text, want := range map[string]bool{"[MB-1] Carrello": true, "MB-12": false, "AMB-1": false, "mb-1.": true} {
		if got := named(text, "MB-1"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if named("anything", "") || !said([]byte(`{"a":["\u003cRIO@cliente.example\u003e\n"]}`), "x", rio) || !said([]byte(`{"rio@cliente.example":1}`), rio) || said([]byte(`[1,null]`), rio) {
		t.Error("within JSON")
	}
}
