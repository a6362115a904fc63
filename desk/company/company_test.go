package company

import (
	"slices"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for addr, want := range map[string]string{
		"mario@bar-luna.it": "bar-luna.it", "Info@Mail.Bar-Luna.IT": "bar-luna.it", "ditta@pec.bar-luna.it": "bar-luna.it",
		"a@shop.co.uk": "shop.co.uk", "a@mail.tienda.com.es": "tienda.com.es", "a@customer.example": "customer.example",
		`"odd@gmail.com"@bar-luna.it`: "bar-luna.it", "a@blog.altervista.org": "blog.altervista.org", "a@notgmail.com": "notgmail.com",
		// Anybody has an address there.
		"a@gmail.com": "", "A@GMAIL.com": "", "a@libero.it": "", "a@orange.fr": "", "a@wanadoo.fr": "", "a@telefonica.net": "", "a@hotmail.it": "",
		"a@outlook.es": "", "a@privaterelay.appleid.com": "", "a@pec.it": "", "ditta@pec.aruba.it": "", "studio@cert.legalmail.it": "",
		"comune@comune.laquila.postecert.it": "", "arch@archiworldpec.it": "", "a@t-online.de": "", "a@altervista.org": "",
		// Nowhere.
		"": "", "bar-luna.it": "", "a@": "", "a@localhost": "", "a@it": "", "a@co.uk": "", "a@.it": "", "a@bar-luna.it.": "", "a@bar..it": "", "a@\n": "",
		"a@" + strings.Repeat("x", 1<<16): "",
	} {
		if got := Of(addr); got != want {
			t.Errorf("%.80q is of %q, want %q", addr, got, want)
		}
	}
}

// Each line is a domain as it is asked for; providers.txt is as the script writes it.
func TestLists(t *testing.T) {
	for name, list := range map[string]string{"providers.txt": providers, "more.txt": more} {
		var domains []string
		for line := range strings.Lines(list) {
			if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
				domains = append(domains, line)
			}
		}
		if name == "providers.txt" && (!slices.IsSorted(domains) || len(domains) < 8000) {
			t.Errorf("%s: %d domains", name, len(domains))
		}
		for _, d := range domains {
			if Of("a@"+d) != "" || strings.ToLower(strings.TrimSpace(d)) != d || !strings.Contains(d, ".") {
				t.Errorf("%s: %q", name, d)
			}
		}
	}
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		Of("mario@mail.bar-luna.it")
	}
}
