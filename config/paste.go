package config

import (
	"fmt"

	"github.com/pelletier/go-toml/v2"

	"replyby/classifier/source"
)

// Paste writes a rule as a [[source]] that can be pasted behind a configuration file.
func Paste(r source.Rule) (string, error) {
	text, err := toml.Marshal(struct {
		Sources []source.Rule `toml:"source"`
	}{[]source.Rule{r}})
	if err != nil {
		return "", fmt.Errorf("write source %q: %w", r.Name, err)
	}
	return string(text), nil
}
