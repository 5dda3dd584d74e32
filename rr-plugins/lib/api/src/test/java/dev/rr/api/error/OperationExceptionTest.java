package dev.rr.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OperationExceptionTest {
  @Test
  void anOperationAndItsText() {
    assertThat(OperationException.of("jobs_plugin_push", "no such pipeline: `a`"))
        .hasMessage("jobs_plugin_push: no such pipeline: `a`");
  }

  @Test
  void anInnerOperationBeginsALineWithATab() {
    OperationException inner =
        OperationException.of("memcached_plugin_ttl", "not valid request for memcached");
    assertThat(OperationException.within("rpc_ttl", inner))
        .hasMessage("rpc_ttl:\n\tmemcached_plugin_ttl: not valid request for memcached")
        .hasCause(inner);
    assertThat(OperationException.within("a", OperationException.within("b", inner)))
        .hasMessage("a:\n\tb:\n\tmemcached_plugin_ttl: not valid request for memcached");
  }

  @Test
  void theOutermostOperationTellsTheKind() {
    OperationException inner =
        OperationException.ofKind("in_memory_plugin_has", "key can't be empty string");
    assertThat(inner).hasMessage("in_memory_plugin_has: key can't be empty string");
    OperationException outer = OperationException.within("rpc_has", inner);
    assertThat(outer).hasMessage("rpc_has: key can't be empty string:\n\tin_memory_plugin_has");
    assertThat(outer.kind()).isEqualTo("key can't be empty string");
    assertThat(OperationException.within("more", outer))
        .hasMessage("more: key can't be empty string:\n\trpc_has:\n\tin_memory_plugin_has");
  }

  @Test
  void anOperationThatFailsInAnotherWaySaysBothKinds() {
    OperationException inner = OperationException.of("receive", "Decode", "no frame");
    assertThat(inner).hasMessage("receive: Decode: no frame");
    assertThat(OperationException.within("exec", "Network", inner))
        .hasMessage("exec: Network:\n\treceive: Decode: no frame");
    assertThat(OperationException.within("exec", "Network", new IOException("reset")))
        .hasMessage("exec: Network: reset");
  }

  @Test
  void anotherCauseStandsBehindTheOperation() {
    assertThat(OperationException.within("rpc_set", new IOException("disk full")))
        .hasMessage("rpc_set: disk full");
    assertThat(OperationException.within("rpc_set", new IOException()))
        .hasMessage("rpc_set: java.io.IOException");
  }
}
