package test.driver;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoMap;
import dagger.multibindings.StringKey;
import dev.rr.api.config.Schema;
import dev.rr.api.kv.KvDriver;
import jakarta.inject.Singleton;
import java.util.List;
import javax.annotation.processing.Generated;

/**
 * The door to the plugin {@code redis}.
 */
@Generated("dev.rr.processor.RrProcessor")
@Module
public final class RedisPluginModule {
  private RedisPluginModule() {
  }

  @Provides
  @Singleton
  static RedisPlugin plugin() {
    return new RedisPlugin(RedisConfigBinder.INSTANCE);
  }

  @Provides
  @IntoMap
  @StringKey("redis")
  static Object asPlugin(RedisPlugin plugin) {
    return plugin;
  }

  @Provides
  @IntoMap
  @StringKey("redis")
  static KvDriver asKvDriver(RedisPlugin plugin) {
    return plugin;
  }

  /**
   * The sections the plugin reads.
   */
  public static List<Schema> schemas() {
    return List.of(RedisConfigBinder.INSTANCE.schema());
  }
}
