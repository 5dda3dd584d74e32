package dev.rr.plugin.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.DriverHost;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import java.util.List;

/** Keeps keys and values in storages of whatever driver is there. RPC calls from any thread. */
@Plugin("sample")
@EnabledBy("sample")
final class SamplePlugin implements Lifecycle {
  private final SampleConfig config;
  private final Configurer configurer;
  private final DriverHost<KvDriver, KvStore> stores;

  SamplePlugin(SampleConfig config, Configurer configurer, Host host) {
    this.config = config;
    this.configurer = configurer;
    this.stores = new DriverHost<>(KvDriver.class, host.catalogue(), KvStore::close);
  }

  /** Takes a driver. Before {@link #check}. */
  @Collects
  void driver(Named plugin, KvDriver driver) {
    stores.add(plugin.name(), driver);
  }

  @Override
  public void check(Problems problems) {
    stores.check(
        configurer.section(SampleConfigBinder.INSTANCE, problems),
        problems,
        (driver, name, at) -> driver.check(name, at.section("config")));
  }

  @Override
  public void start() throws Exception {
    stores.open(
        config.storages(),
        SampleConfig.Storage::driver,
        (driver, name, storage) -> driver.open(name, storage.config()));
  }

  /** Takes a storage, a key and a value. */
  @RpcMethod("Set")
  void set(List<String> words) throws Exception {
    KvStore store = store(words, 3);
    store.set(List.of(new KvItem(words.get(1), words.get(2).getBytes(UTF_8))));
  }

  /** Takes a storage and a key; the answer is empty where there is no such key. */
  @RpcMethod("Get")
  String get(List<String> words) throws Exception {
    KvStore store = store(words, 2);
    byte[] value = store.get(List.of(words.get(1))).get(words.get(1));
    return value == null ? "" : new String(value, UTF_8);
  }

  private KvStore store(List<String> words, int count) {
    if (words.size() != count) {
      throw new IllegalArgumentException("got " + words.size() + " words instead of " + count);
    }
    return stores
        .find(words.getFirst())
        .orElseThrow(() -> new IllegalArgumentException("no storage " + words.getFirst()));
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stores.close(deadline);
  }
}
