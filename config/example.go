package config

import _ "embed"

//go:embed example.toml
var exampleFile []byte

// Example returns a file in which every key is shown and explained. It is config.example.toml of the repository.
func Example() []byte { return exampleFile }
