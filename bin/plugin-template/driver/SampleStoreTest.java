package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.kv.KvDriverContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleStoreTest extends KvDriverContract {
  @Override
  protected KvStore open() {
    return new SampleStore(20_000);
  }

  /** They are in memory already. */
  @Override
  protected boolean readsValues() {
    return false;
  }

  @Test
  void refusesMoreKeysThanItMayHaveAndKeepsThoseThatItHas() throws Exception {
    KvStore store = new SampleStore(2);
    store.set(List.of(item("a"), item("b")));
    store.set(List.of(item("b")));

    assertThatThrownBy(() -> store.set(List.of(item("c")))).hasMessageContaining("full");
    assertThat(store.has(List.of("a", "b", "c"))).containsExactlyInAnyOrder("a", "b");
  }

  private static KvItem item(String key) {
    return new KvItem(key, new byte[1]);
  }
}
