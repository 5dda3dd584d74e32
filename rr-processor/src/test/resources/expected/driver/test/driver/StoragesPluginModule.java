package test.driver;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoMap;
import dagger.multibindings.StringKey;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Schema;
import jakarta.inject.Singleton;
import java.util.List;
import javax.annotation.processing.Generated;

/**
 * The door to the plugin {@code storages}.
 */
@Generated("dev.rr.processor.RrProcessor")
@Module
public final class StoragesPluginModule {
  private StoragesPluginModule() {
  }

  @Provides
  @Singleton
  static StoragesPlugin plugin(Configurer configurer) {
    return new StoragesPlugin(configurer.bindLeniently(StoragesConfigBinder.INSTANCE), configurer.bindLeniently(SectionsConfigBinder.INSTANCE));
  }

  @Provides
  @IntoMap
  @StringKey("storages")
  static Object asPlugin(StoragesPlugin plugin) {
    return plugin;
  }

  /**
   * The sections the plugin reads.
   */
  public static List<Schema> schemas() {
    return List.of(StoragesConfigBinder.INSTANCE.schema(), SectionsConfigBinder.INSTANCE.schema());
  }
}
