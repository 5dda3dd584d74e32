package test.hub;

import dev.rr.annotation.Contract;

@Contract
public interface Spoke {
  String name();
}
