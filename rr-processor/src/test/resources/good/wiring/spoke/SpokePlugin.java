package test.spoke;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import java.util.Optional;
import test.hub.Spoke;

@Plugin(value = "spoke", weight = 5)
final class SpokePlugin implements Spoke {
  private final Optional<test.hub.Hub> hub;

  SpokePlugin(Optional<test.hub.Hub> hub) {
    this.hub = hub;
  }

  @Override
  public String name() {
    return hub.isPresent() ? "has a hub" : "has no hub";
  }

  @Offers("second")
  Spoke second() {
    return new Spoke() {
      @Override
      public String name() {
        return "second";
      }
    };
  }
}
