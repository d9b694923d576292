package bench.cli;

import bench.crypt.EngineSelection;
import blockdev.fs.StrategyKind;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
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
      defaultValue = EngineSelection.AUTO,
      description =
          "openssl, jce, bouncycastle, reference, or auto, the fastest there is; default:"
              + " ${DEFAULT-VALUE}.")
  private String engine = "";

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
      return engine.equals(EngineSelection.AUTO)
          ? CipherEngine.fastest(CryptoMode.AES_256_XTS)
          : CipherEngine.named(engine);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--engine: " + unknown.getMessage());
    } catch (IllegalStateException missing) {
      throw CliException.failure("--engine: " + missing.getMessage(), missing);
    }
  }
}
