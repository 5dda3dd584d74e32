package test.bad;

import dev.rr.annotation.Contract;

public final class Contracts {
  @Contract
// 3: [rr/Contract] NoInterface is marked @Contract but is no interface; plugins meet in interfaces only: extract one
  public abstract static class NoInterface {}

  @Contract
// 3: [rr/Contract] NotPublic is marked @Contract but is not public, so generated code in other packages cannot name it; write `public`
  interface NotPublic {}

  @Contract
// 3: [rr/Contract] Generic is marked @Contract but has type parameters, which say nothing to the graph; declare an interface without
  public interface Generic<T> {}
}
