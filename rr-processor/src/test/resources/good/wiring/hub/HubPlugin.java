package test.hub;

import dev.rr.annotation.Collects;
import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.plugin.Named;
import java.util.ArrayList;
import java.util.List;

@Plugin("hub")
final class HubPlugin implements Hub {
  private final HubConfig config;
  private final List<String> collected = new ArrayList<>();

  HubPlugin(HubConfig config) {
    this.config = config;
  }

  @ConfigSection("hub")
  record HubConfig(@Key(fallback = "untitled") String title) {}

  @Collects
  void spoke(Named plugin, Spoke spoke) {
    collected.add(plugin.id() + "/" + plugin.weight() + ":" + spoke.name());
  }

  @Override
  public List<String> collected() {
    return collected;
  }

  @Override
  public String title() {
    return config.title();
  }

  @RpcMethod("Spokes")
  List<Answer> spokes(String prefix) {
    return collected.stream().map(name -> new Answer(prefix + name, name.length())).toList();
  }

  @RpcMethod("Clear")
  void clear() {
    collected.clear();
  }

  record Answer(@Key(name = "Name") String name, int size) {}
}
