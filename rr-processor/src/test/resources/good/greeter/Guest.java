package test.greeter;

import dev.rr.annotation.Key;

record Guest(@Key(name = "Name") String name, Age age) {
  record Age(int inYears) {}
}
