package test.greeter;

import dev.rr.annotation.Contract;

@Contract
public interface Greeting {
  String greet(String name);
}
