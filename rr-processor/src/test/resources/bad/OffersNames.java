package test.bad;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import java.util.Map;

final class OffersNames {
  private OffersNames() {}

  @Plugin("nothing")
  @Offers("spare")
// 3: [rr/OffersClass] Nothing is marked @Offers, but implements no @Contract interface; implement the one that is offered or leave the annotation out
  static final class Nothing {
    Nothing() {}
  }

  @Plugin("unnamed")
  @Offers
// 3: [rr/OffersClass] Unnamed is marked @Offers without a name; an interface that it implements is offered anyway, under the name "unnamed": leave the annotation out or give another name
  static final class Unnamed implements RpcService {
    Unnamed() {}

    @Override
    public Map<String, RpcHandler> methods() {
      return Map.of();
    }
  }

  @Plugin("capital")
  @Offers("BR")
// 11: [rr/OffersName] Capital offers under the name "BR"; a name is lower-case letters, digits, underscores and hyphens and starts with a letter
  static final class Capital implements RpcService {
    Capital() {}

    @Override
    public Map<String, RpcHandler> methods() {
      return Map.of();
    }

    @Offers("two words")
// 13: [rr/OffersName] second() offers under the name "two words"; a name is lower-case letters, digits, underscores and hyphens and starts with a letter
    RpcService second() {
      return this;
    }

    @Offers("third")
    RpcService third() {
      return this;
    }

    @Offers("third")
// 13: [rr/OffersTwice] RpcService is offered twice under the name "third", so only one of them could be chosen; give again() another
    RpcService again() {
      return this;
    }
  }

  @Plugin("both")
  static final class Both implements RpcService {
    Both() {}

    @Override
    public Map<String, RpcHandler> methods() {
      return Map.of();
    }

    @Offers
// 5: [rr/OffersTwice] the plugin implements RpcService and so offers it already under the name "both"; give more() another name, @Offers("…"), or leave one of them out
    RpcService more() {
      return this;
    }
  }
}
