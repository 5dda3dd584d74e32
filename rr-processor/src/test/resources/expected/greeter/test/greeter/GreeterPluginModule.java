package test.greeter;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoMap;
import dagger.multibindings.StringKey;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcService;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;

/**
 * The door to the plugin {@code greeter}.
 */
@Generated("dev.rr.processor.RrProcessor")
@Module
public final class GreeterPluginModule {
  private GreeterPluginModule() {
  }

  @Provides
  @Singleton
  static GreeterPlugin plugin(Loggers loggers, Optional<Clock> clock, Configurer configurer) {
    return new GreeterPlugin(configurer.bindLeniently(GreeterConfigBinder.INSTANCE), loggers, clock);
  }

  @Provides
  @IntoMap
  @StringKey("greeter")
  static Object asPlugin(GreeterPlugin plugin) {
    return plugin;
  }

  @Provides
  @IntoMap
  @StringKey("greeter#staff")
  static Resetter offerStaff(GreeterPlugin plugin) {
    return plugin.staff();
  }

  @Provides
  @IntoMap
  @StringKey("greeter#staff")
  static WorkerManager offerStaff2(GreeterPlugin plugin) {
    return plugin.staff();
  }

  @Provides
  @IntoMap
  @StringKey("greeter")
  static Greeting asGreeting(GreeterPlugin plugin) {
    return plugin;
  }

  @Provides
  @IntoMap
  @StringKey("greeter#shouting")
  static Greeting offerShouting(GreeterPlugin plugin) {
    return plugin.shouting();
  }

  @Provides
  @IntoMap
  @StringKey("greeter#rpc")
  static RpcService offerRpc(GreeterPlugin plugin) {
    return new GreeterPluginRpc(plugin);
  }

  /**
   * Hands over what another plugin offers.
   */
  public static void clock(Object plugin, Named named, Clock clock) {
    ((GreeterPlugin) plugin).clock(named, clock);
  }

  /**
   * Hands over what another plugin offers.
   */
  public static void both(Object plugin, Clock clock, Greeting greeting) {
    ((GreeterPlugin) plugin).both(clock, greeting);
  }

  /**
   * The sections the plugin reads.
   */
  public static List<Schema> schemas() {
    return List.of(GreeterConfigBinder.INSTANCE.schema());
  }
}
