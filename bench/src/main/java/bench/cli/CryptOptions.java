package bench.cli;

import blockdev.fs.StrategyKind;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that encrypt files: who has a key, and what encrypts. */
final class CryptOptions {
  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "lightweight",
      description = "Who has a key: per-inode or lightweight (extents); default: ${DEFAULT-VALUE}.")
  private String strategy = "";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "openssl, jce, bouncycastle or reference; default: the fastest there is.")
  private @Nullable String engine;

  /**
   * @throws CliException if there is no such strategy
   */
  StrategyKind strategy() {
    try {
      return StrategyKind.named(strategy);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--strategy: " + unknown.getMessage());
    }
  }

  /**
   * @throws CliException if there is no such engine, or it does not work here
   */
  CipherEngine engine() {
    try {
      return engine == null
          ? CipherEngine.fastest(CryptoMode.AES_256_XTS)
          : CipherEngine.named(engine);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--engine: " + unknown.getMessage());
    } catch (IllegalStateException missing) {
      throw CliException.failure("--engine: " + missing.getMessage(), missing);
    }
  }
}
