package dev.rr.plugin.resetter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Named;
import dev.rr.testing.plugin.RpcCalls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResetterPluginTest {
  private final ResetterPlugin resetter = new ResetterPlugin();
  private final List<String> resets = new ArrayList<>();

  @Test
  void resetsThePluginOfThisNameAlone() throws Exception {
    resetter.resetter(new Named("jobs", 1), () -> resets.add("jobs"));
    resetter.resetter(new Named("http", 1), () -> resets.add("http"));
    assertThat(resetter.list(true)).containsExactly("http", "jobs");
    assertThat(RpcCalls.call(new ResetterPluginRpc(resetter), "Reset", "http")).isEqualTo(true);
    assertThat(resets).containsExactly("http");
  }

  @Test
  void anUnknownNameIsAnError() {
    assertThatThrownBy(() -> resetter.reset("none")).hasMessage("no such plugin: none");
  }

  @Test
  void aFailedResetIsToldInItsOwnWords() {
    resetter.resetter(
        new Named("http", 1),
        () -> {
          throw new IllegalStateException("the new workers did not start");
        });
    assertThatThrownBy(() -> resetter.reset("http")).hasMessage("the new workers did not start");
  }
}
