package bench.cli;

import bench.crypt.CipherName;
import bench.crypt.CryptStream;
import bench.crypt.EngineSelection;
import bench.crypt.Hex;
import bench.crypt.IvMethod;
import bench.crypt.Kdf;
import bench.crypt.KeyInputs;
import bench.crypt.VectorFile;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IvScheme;
import inlinecrypt.fscrypt.MasterSecret;
import inlinecrypt.fscrypt.Nonce;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code crypt}: encrypts standard input as fscrypt would, or checks files of known answers. */
@Command(
    name = "crypt",
    description = {
      "Encrypt or decrypt standard input to standard output, as Linux fscrypt would.",
      "The options are those of fstests' fscrypt-crypt-util, and --batch to check known answers."
          + " Keys on a command line are for all to see: this is for testing."
    },
    sortOptions = false)
final class CryptCommand implements Callable<Integer> {
  private static final int MAX_MODE_NUMBER = 255;
  private static final int MAX_DATA_UNIT_BYTES = 16 << 20; // IEEE Std 1619: 2^20 blocks
  private static final Set<String> WITH_BATCH = Set.of("--batch", "--engine", "--verbose");

  @Parameters(
      paramLabel = "ARGUMENT",
      arity = "0..*",
      description =
          "CIPHER and MASTER_KEY; with --dump-key-identifier, MASTER_KEY alone. CIPHER is"
              + " AES-256-XTS, AES-128-CBC-ESSIV, Adiantum, SM4-XTS, AES-256-CTS-CBC,"
              + " AES-128-CTS-CBC, SM4-CTS-CBC, AES-256-HCTR2 or any other mode's name or"
              + " fscrypt number; MASTER_KEY is hexadecimal.")
  private List<String> arguments = List.of();

  @Option(names = "--decrypt", description = "Decrypt instead of encrypting.")
  private boolean decrypt;

  @Option(
      names = {"--data-unit-size", "--block-size"},
      paramLabel = "BYTES",
      defaultValue = "4096",
      description = "Encrypt each so many bytes on their own; default: ${DEFAULT-VALUE}.")
  private int dataUnitSizeBytes;

  @Option(
      names = {"--data-unit-index", "--block-number"},
      paramLabel = "N",
      converter = UnsignedLong.class,
      defaultValue = "0",
      description = "Index of the first data unit; default: ${DEFAULT-VALUE}.")
  private long dataUnitIndex;

  @Option(
      names = "--padding",
      paramLabel = "BYTES",
      description =
          "Fill up the last data unit with zeros to a multiple of this, a power of two; default:"
              + " all of it.")
  private @Nullable Integer paddingBytes;

  @Option(
      names = "--kdf",
      paramLabel = "KDF",
      defaultValue = "none",
      description = "AES-128-ECB (v1 policies), HKDF-SHA512 (v2) or none; default: none.")
  private String kdf = "";

  @Option(
      names = "--mode-num",
      paramLabel = "N",
      description = "The encryption mode's number, for keys that a mode's files share.")
  private @Nullable Integer modeNumber;

  @Option(names = "--file-nonce", paramLabel = "HEX", description = "The file's nonce, 16 bytes.")
  private @Nullable String fileNonce;

  @Option(
      names = "--inode-number",
      paramLabel = "N",
      converter = UnsignedLong.class,
      description = "The file's inode number, for --iv-ino-lblk-64 and -32.")
  private @Nullable Long inodeNumber;

  @Option(
      names = "--fs-uuid",
      paramLabel = "HEX",
      description = "The filesystem's UUID, 16 bytes, for --iv-ino-lblk-64 and -32.")
  private @Nullable String filesystem;

  @Option(names = "--direct-key", description = "Share a key among files; IVs have the nonce.")
  private boolean directKey;

  @Option(
      names = "--iv-ino-lblk-64",
      description = "Share a key among files; IVs have the inode number.")
  private boolean ivInoLblk64;

  @Option(
      names = "--iv-ino-lblk-32",
      description = "Share a key among files; 32-bit IVs start at the hashed inode number.")
  private boolean ivInoLblk32;

  @Option(
      names = "--enable-hw-kdf",
      description = "MASTER_KEY is the raw form of a hardware-wrapped key.")
  private boolean enableHwKdf;

  @Option(
      names = "--use-inlinecrypt-key",
      description =
          "With --enable-hw-kdf: use the key that hardware derives, not one from the software"
              + " secret.")
  private boolean useInlinecryptKey;

  @Option(
      names = "--dump-key-identifier",
      description = "Print the master key's identifier instead; needs --kdf=HKDF-SHA512.")
  private boolean dumpKeyIdentifier;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description =
          "Check each line of a JSON-lines file of vectors; print those that fail, and the counts.")
  private @Nullable Path batch;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = EngineSelection.AUTO,
      description =
          "openssl, jce, bouncycastle, reference, or auto, the fastest that is here and has the"
              + " mode; default: ${DEFAULT-VALUE}.")
  private String engine = "";

  @Spec private CommandSpec spec;

  private final InputStream in;
  private final OutputStream out;

  CryptCommand() {
    this(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
  }

  CryptCommand(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public Integer call() {
    try {
      if (batch != null) {
        return checkVectors(batch);
      }
      if (dumpKeyIdentifier) {
        printKeyIdentifier();
      } else {
        cryptStandardInput();
      }
      return ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) { // An engine that is not here, or fails its known answers.
      throw CliException.failure(String.valueOf(e.getMessage()), e);
    }
  }

  private int checkVectors(Path file) {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!WITH_BATCH.contains(option.longestName())) {
        throw CliException.usage("--batch does not go with " + option.longestName());
      }
    }
    if (!arguments.isEmpty()) {
      throw CliException.usage("--batch does not go with CIPHER and MASTER_KEY");
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CliException.usage("no such file, or not readable: " + file);
    }
    PrintWriter report = spec.commandLine().getOut();
    VectorFile.Count count;
    try {
      count = VectorFile.check(file, EngineSelection.named(engine), report::println);
    } catch (IOException e) {
      throw CliException.failure("cannot read " + file + ": " + e.getMessage(), e);
    } finally {
      report.flush();
    }
    report.println(count);
    report.flush();
    return count.failed() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void printKeyIdentifier() {
    requireArguments(1, "MASTER_KEY");
    if (Kdf.named(kdf) != Kdf.HKDF_SHA512) {
      throw CliException.usage("--dump-key-identifier requires --kdf=HKDF-SHA512");
    }
    byte[] masterKey = Hex.masterKey(arguments.get(0));
    try (MasterSecret secret =
        enableHwKdf ? MasterSecret.ofWrappedKey(masterKey) : MasterSecret.ofRawKey(masterKey)) {
      PrintWriter text = spec.commandLine().getOut();
      text.println(secret.identifier());
      text.flush();
    } finally {
      Arrays.fill(masterKey, (byte) 0);
    }
  }

  private void cryptStandardInput() {
    requireArguments(2, "CIPHER and MASTER_KEY");
    KeyInputs inputs = inputs();
    checkDataUnits(inputs.mode());
    CipherEngine cipherEngine =
        EngineSelection.named(engine)
            .engineFor(inputs.mode())
            .orElseThrow(() ->
                CliException.failure(
                    (engine.equals(EngineSelection.AUTO)
                            ? "no engine here has "
                            : engine + " does not have ")
                        + inputs.mode()));
    byte[] masterKey = Hex.masterKey(arguments.get(1));
    byte[] key = {};
    try {
      key = inputs.deriveKey(masterKey);
      IvScheme ivs = inputs.ivScheme(masterKey);
      if (Long.compareUnsigned(dataUnitIndex, ivs.maxIndex()) > 0) {
        throw CliException.usage(
            "--data-unit-index of %s has at most 32 bits, not %s"
                .formatted(inputs.ivMethod(), Long.toUnsignedString(dataUnitIndex)));
      }
      try (DataUnitCipher cipher =
          cipherEngine.prepare(inputs.mode(), MemorySegment.ofArray(key))) {
        int padding = paddingBytes == null ? dataUnitSizeBytes : paddingBytes;
        new CryptStream(cipher, ivs, dataUnitSizeBytes, padding, dataUnitIndex, decrypt)
            .run(in, out);
      }
    } catch (IOException e) {
      throw CliException.failure(String.valueOf(e.getMessage()), e);
    } finally {
      Arrays.fill(masterKey, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  private void requireArguments(int count, String what) {
    if (arguments.size() != count) {
      throw CliException.usage(
          "expected " + what + ", got " + arguments.size() + " arguments"); // never the key
    }
  }

  private void checkDataUnits(CryptoMode mode) {
    if (dataUnitSizeBytes < CryptStream.MIN_DATA_UNIT_BYTES
        || dataUnitSizeBytes > MAX_DATA_UNIT_BYTES) {
      throw CliException.usage(
          "--data-unit-size must be from %d to %d, is %d"
              .formatted(CryptStream.MIN_DATA_UNIT_BYTES, MAX_DATA_UNIT_BYTES, dataUnitSizeBytes));
    }
    if (!mode.takesAnyLength() && dataUnitSizeBytes % CryptStream.MIN_DATA_UNIT_BYTES != 0) {
      throw CliException.usage(
          "--data-unit-size of " + mode + " must be a multiple of 16, is " + dataUnitSizeBytes);
    }
    if (paddingBytes != null && (paddingBytes < 1 || Integer.bitCount(paddingBytes) != 1)) {
      throw CliException.usage("--padding must be a power of two, is " + paddingBytes);
    }
  }

  private KeyInputs inputs() {
    if (modeNumber != null && (modeNumber < 1 || modeNumber > MAX_MODE_NUMBER)) {
      throw CliException.usage(
          "--mode-num must be from 1 to " + MAX_MODE_NUMBER + ", is " + modeNumber);
    }
    if (inodeNumber != null && inodeNumber == 0) {
      throw CliException.usage("--inode-number must not be 0");
    }
    Nonce nonce = fileNonce == null ? null : Hex.nonce(fileNonce);
    UUID uuid = filesystem == null ? null : Hex.uuid(filesystem);
    return new KeyInputs(
        CipherName.mode(arguments.get(0)),
        Kdf.named(kdf),
        ivMethod(),
        modeNumber == null ? 0 : modeNumber,
        nonce,
        uuid,
        inodeNumber == null ? 0 : inodeNumber,
        enableHwKdf,
        useInlinecryptKey);
  }

  private IvMethod ivMethod() {
    List<IvMethod> chosen = new ArrayList<>();
    if (directKey) {
      chosen.add(IvMethod.DIRECT_KEY);
    }
    if (ivInoLblk64) {
      chosen.add(IvMethod.IV_INO_LBLK_64);
    }
    if (ivInoLblk32) {
      chosen.add(IvMethod.IV_INO_LBLK_32);
    }
    if (chosen.size() > 1) {
      throw CliException.usage("--" + chosen.get(0) + " does not go with --" + chosen.get(1));
    }
    return chosen.isEmpty() ? IvMethod.PER_FILE : chosen.getFirst();
  }

  /** Reads an unsigned 64-bit number. */
  private static final class UnsignedLong implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no unsigned 64-bit number");
      }
    }
  }
}
