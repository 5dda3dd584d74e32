package dev.rr.processor.base;

import com.palantir.javapoet.ClassName;

/**
 * The classes that generated code or a rule names and the processor does not depend on, which only
 * knows rr-annotations: whoever moves one of them changes this file.
 */
public final class ClassNames {
  public static final ClassName BINDER = ClassName.get("dev.rr.api.config", "Binder");
  public static final ClassName CHECKED = ClassName.get("dev.rr.api.config", "Checked");
  public static final ClassName CONFIGURER = ClassName.get("dev.rr.api.config", "Configurer");
  public static final ClassName SCHEMA = ClassName.get("dev.rr.api.config", "Schema");
  public static final ClassName SCHEMA_FIELD = SCHEMA.nestedClass("Field");
  public static final ClassName SCHEMA_TYPE = SCHEMA.nestedClass("Type");
  public static final ClassName SECTION = ClassName.get("dev.rr.api.config", "Section");
  public static final ClassName STRING_OR_LIST = ClassName.get("dev.rr.api.config", "StringOrList");

  public static final ClassName CLI_COMMAND = ClassName.get("dev.rr.api.cli", "CliCommand");
  public static final ClassName LOGGERS = ClassName.get("dev.rr.api.log", "Loggers");
  public static final ClassName RPC_CALL = ClassName.get("dev.rr.api.rpc", "RpcCall");
  public static final ClassName RPC_HANDLER = ClassName.get("dev.rr.api.rpc", "RpcHandler");
  public static final ClassName RPC_SERVICE = ClassName.get("dev.rr.api.rpc", "RpcService");

  public static final ClassName CATALOGUE = ClassName.get("dev.rr.api.plugin", "Catalogue");
  public static final ClassName HOST = ClassName.get("dev.rr.api.plugin", "Host");
  public static final ClassName NAMED = ClassName.get("dev.rr.api.plugin", "Named");

  public static final ClassName ASSEMBLY = ClassName.get("dev.rr.kernel", "Assembly");
  public static final ClassName BUILD_INFO = ASSEMBLY.nestedClass("BuildInfo");
  public static final ClassName LIVENESS = ASSEMBLY.nestedClass("Liveness");
  public static final ClassName PLUGIN_INFO = ClassName.get("dev.rr.kernel", "PluginInfo");
  public static final ClassName WIRING = ClassName.get("dev.rr.kernel", "Wiring");
  public static final ClassName CLI = ClassName.get("dev.rr.cli", "Cli");

  public static final ClassName BINDS_INSTANCE = ClassName.get("dagger", "BindsInstance");
  public static final ClassName COMPONENT = ClassName.get("dagger", "Component");
  public static final ClassName INTO_MAP = ClassName.get("dagger.multibindings", "IntoMap");
  public static final ClassName LAZY = ClassName.get("dagger", "Lazy");
  public static final ClassName MODULE = ClassName.get("dagger", "Module");
  public static final ClassName MULTIBINDS = ClassName.get("dagger.multibindings", "Multibinds");
  public static final ClassName PROVIDES = ClassName.get("dagger", "Provides");
  public static final ClassName STRING_KEY = ClassName.get("dagger.multibindings", "StringKey");
  public static final ClassName OLD_PROVIDER = ClassName.get("javax.inject", "Provider");
  public static final ClassName PROVIDER = ClassName.get("jakarta.inject", "Provider");
  public static final ClassName SINGLETON = ClassName.get("jakarta.inject", "Singleton");
  public static final ClassName GENERATED =
      ClassName.get("javax.annotation.processing", "Generated");
  public static final ClassName NULLABLE = ClassName.get("org.jspecify.annotations", "Nullable");

  private ClassNames() {}
}
