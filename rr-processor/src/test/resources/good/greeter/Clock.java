package test.greeter;

import dev.rr.annotation.Contract;

@Contract
public interface Clock {
  long now();
}
