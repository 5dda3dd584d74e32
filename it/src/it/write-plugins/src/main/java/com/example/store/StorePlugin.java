package com.example.store;

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
@Plugin("store")
@EnabledBy("store")
final class StorePlugin implements Lifecycle {
  private final StoreConfig config;
  private final Configurer configurer;
  private final DriverHost<KvDriver, KvStore> stores;

  StorePlugin(StoreConfig config, Configurer configurer, Host host) {
    this.config = config;
    this.configurer = configurer;
    this.stores = new DriverHost<>(KvDriver.class, host.catalogue(), KvStore::close);
  }

  @Collects
  void driver(Named plugin, KvDriver driver) {
    stores.add(plugin.name(), driver);
  }

  @Override
  public void check(Problems problems) {
    stores.check(
        configurer.section(StoreConfigBinder.INSTANCE, problems),
        problems,
        (driver, name, at) -> driver.check(name, at.section("config")));
  }

  @Override
  public void start() throws Exception {
    stores.open(
        config.storages(),
        StoreConfig.Storage::driver,
        (driver, name, storage) -> driver.open(name, storage.config()));
  }

  /** Takes a storage, a key and a value. */
  @RpcMethod("Set")
  void set(List<String> item) throws Exception {
    store(item).set(List.of(new KvItem(item.get(1), item.get(2).getBytes(UTF_8))));
  }

  /** Takes a storage and a key. */
  @RpcMethod("Get")
  String get(List<String> item) throws Exception {
    byte[] value = store(item).get(item.subList(1, 2)).get(item.get(1));
    return value == null ? "" : new String(value, UTF_8);
  }

  private KvStore store(List<String> item) {
    return stores
        .find(item.getFirst())
        .orElseThrow(() -> new IllegalArgumentException("no storage " + item.getFirst()));
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stores.close(deadline);
  }
}
