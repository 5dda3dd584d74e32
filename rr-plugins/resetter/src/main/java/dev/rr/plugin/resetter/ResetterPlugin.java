package dev.rr.plugin.resetter;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.plugin.Named;
import dev.rr.api.worker.Resetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Resets the workers of every plugin that has some. Filled before anything starts, read by any
 * thread after.
 */
@Plugin("resetter")
final class ResetterPlugin {
  private final Map<String, Resetter> resetters = new TreeMap<>();

  ResetterPlugin() {}

  /** Takes a plugin whose workers can be replaced. */
  @Collects
  void resetter(Named plugin, Resetter resetter) {
    resetters.put(plugin.id(), resetter);
  }

  @RpcMethod(value = "List", quick = true)
  List<String> list(boolean ignored) {
    return new ArrayList<>(resetters.keySet());
  }

  @RpcMethod("Reset")
  boolean reset(String plugin) throws InterruptedException {
    Resetter resetter = resetters.get(plugin);
    if (resetter == null) {
      throw new IllegalArgumentException("no such plugin: " + plugin);
    }
    resetter.reset();
    return true;
  }
}
