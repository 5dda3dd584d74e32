package test.driver;

import dev.rr.annotation.Plugin;

@Plugin("storages")
final class StoragesPlugin {
  StoragesPlugin(StoragesConfig config, SectionsConfig sections) {}
}
