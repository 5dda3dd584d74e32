package test.app;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import test.hub.Hub;
import test.hub.HubPluginModule;
import test.hub.Spoke;
import test.spoke.SpokePluginModule;

/** What rr:build generates, in short. Nothing here can name a plugin class. */
public final class App {
  private App() {}

  @Module
  static final class Selection {
    private Selection() {}

    @Provides
    static Optional<Hub> hub(Map<String, Provider<Hub>> offers) {
      return Optional.of(offers.get("hub").get());
    }
  }

  @Singleton
  @Component(modules = {HubPluginModule.class, SpokePluginModule.class, Selection.class})
  interface Root {
    Map<String, Provider<Object>> plugins();

    Map<String, Provider<Hub>> hubs();

    Map<String, Provider<Spoke>> spokes();

    Map<String, Provider<RpcService>> rpc();

    @Component.Factory
    interface Factory {
      Root create(@BindsInstance Configurer configurer);
    }
  }

  /** The wired graph, in types that a test can see. */
  public static Map<String, Object> run() throws Exception {
    Root root = DaggerApp_Root.factory().create(new MapConfigurer(Map.of("title", "the hub")));
    Object hub = root.plugins().get("hub").get();
    for (String key : List.of("spoke", "spoke#second")) {
      HubPluginModule.spoke(hub, new Named("spoke", 5), root.spokes().get(key).get());
    }
    Map<String, RpcHandler> rpc = root.rpc().get("hub#rpc").get().methods();
    Object answer = rpc.get("Spokes").call(new TextArgument("> "));
    return Map.of(
        "same", hub == root.plugins().get("hub").get() && hub == root.hubs().get("hub").get(),
        "collected", List.copyOf(root.hubs().get("hub").get().collected()),
        "title", root.hubs().get("hub").get().title(),
        "keys", List.copyOf(new TreeSet<>(root.spokes().keySet())),
        "fresh", root.spokes().get("spoke#second").get() != root.spokes().get("spoke#second").get(),
        "answer", answer,
        "nothing", rpc.get("Clear").call(new TextArgument("")),
        "left", root.hubs().get("hub").get().collected(),
        "schemas", HubPluginModule.schemas().toString());
  }
}
