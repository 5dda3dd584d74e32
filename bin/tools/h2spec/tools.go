//go:build tools

// Package tools names what is built here, so that go mod tidy keeps its libraries.
package tools

import _ "github.com/summerwind/h2spec/cmd/h2spec"
