package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IndependentDerivation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceCommandTest {
  private static final int BLOCK_BYTES = 4096;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theNewExtentsKeyIsProgrammedForTheWriteAndFoundByTheRead() {
    assertThat(execute()).isZero();
    // slot 0 has the key of the extent that was there before
    assertThat(linesOf("program")).singleElement().asString().contains("slot 1", "15.000 us");
    assertThat(linesOf("keyslot")).hasSize(2);
    assertThat(linesOf("keyslot").get(1)).contains("slot 1", "nothing to program");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aDeviceWithOneSlotGivesItToTheNewKey() {
    assertThat(execute("--slots", "1")).isZero();
    assertThat(linesOf("program")).singleElement().asString().contains("slot 0");
  }

  @Test
  void anInodesKeyIsInItsSlotAlready() {
    assertThat(execute("--strategy", "per-inode")).isZero();
    assertThat(linesOf("program")).isEmpty();
    assertThat(linesOf("keyslot")).hasSize(2).allMatch(line -> line.contains("nothing to program"));
  }

  @Test
  void theStoryGoesFromTheSystemCallToTheMedium() {
    execute();
    List<String> steps =
        out.toString()
            .lines()
            .filter(line -> line.matches(" *\\d+\\.\\d{3}  .*"))
            .map(line -> line.substring(11, 22).strip())
            .toList();
    assertThat(steps)
        .containsExactly(
            "write()",
            "fsync()",
            "file block",
            "bio",
            "request",
            "program",
            "keyslot",
            "command",
            "doorbell",
            "medium",
            "completion",
            "bio end",
            "fsync()",
            "read()",
            "file block",
            "bio",
            "request",
            "keyslot",
            "command",
            "doorbell",
            "medium",
            "completion",
            "bio end");
  }

  @Test
  void theDunCountsFromTheExtentOrFromTheFile() {
    execute();
    assertThat(linesOf("DUN")).singleElement().asString().contains("0 = 5 - 5:", "the extent");
    out.getBuffer().setLength(0);
    execute("--strategy", "per-inode");
    assertThat(linesOf("DUN")).singleElement().asString().contains("5:", "the file");
    assertThat(linesOf("IV"))
        .hasSize(2)
        .allMatch(line -> line.contains("05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"));
  }

  @Test
  void theCommandIsExplainedByItsBytes() {
    execute("--strategy", "per-inode");
    // CDW0 with opcode 1 and command id 0, namespace 1, data unit number 5 in bytes 8 to 23
    assertThat(out.toString()).contains("01 00 00 00 01 00 00 00 05 00 00 00 00 00 00 00");
    // CETYPE Fh is the low half of byte 50; slot 0 in bytes 52 and 53
    assertThat(out.toString()).contains("00 00 0f 00 00 00 00 00 00 00 00 00 00 00 00 00");
    assertThat(out.toString())
        .contains("opcode 01h: Write", "opcode 02h: Read", "(CEV) 0: the keyslot");
  }

  @Test
  void fsyncsFlushAndJournalAreOneLine() {
    execute();
    assertThat(linesOf("fsync()").getLast()).contains("2 plain commands");
  }

  @ParameterizedTest
  @CsvSource({"lightweight, 9, 0", "per-inode, 2, 5"}) // HKDF context, DUN
  void theCiphertextIsWhatTheReferencePredicts(String strategy, int context, long dun) {
    assertThat(execute("--strategy", strategy)).isZero();
    String nonce = linesOf("nonce").getFirst().substring(23, 55);
    String prediction = prediction(context, nonce, dun);
    assertThat(linesOf("ciphertext")).hasSize(2).allMatch(line -> line.contains(prediction));
    assertThat(linesOf("plaintext"))
        .hasSize(2)
        .allMatch(line -> line.contains("|Attack at dawn! |"));
    assertThat(out.toString()).contains("exactly what the reference engine predicts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bouncycastle", "reference"})
  void everyEngineTellsTheSameStory(String engine) {
    execute("--engine", "reference");
    String expected = out.toString();
    out.getBuffer().setLength(0);
    execute("--engine", engine);
    assertThat(out.toString().replace("engine " + engine, "engine reference")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lightweight", "per-inode"})
  void aTerminalOf100ColumnsAnd70LinesHoldsIt(String strategy) {
    execute("--strategy", strategy);
    assertThat(out.toString().lines()).hasSizeLessThan(70).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --engine=enigma   | --engine: no engine is named "enigma"; there are openssl,
          --slots=0         | --slots must be from 1 to 65535, is 0
          --slots=65536     | --slots must be from 1 to 65535, is 65536
          --strategy=heavy  | --strategy: no strategy heavy; there are per-inode, lightweight
          --json            | Unknown option: '--json'
          """)
  void badOptionsAreOneLineAndExitCode2(String option, String message) {
    assertThat(execute(option)).isEqualTo(2);
    assertThat(err.toString()).startsWith("inlinecrypt: " + message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  /** The first 16 bytes of the lesson's ciphertext, from Bouncy Castle's HKDF and the reference. */
  private static String prediction(int context, String nonce, long dun) {
    byte[] masterKey = new byte[32];
    for (int i = 0; i < masterKey.length; i++) {
      masterKey[i] = (byte) i;
    }
    byte[] key =
        IndependentDerivation.derive(masterKey, context, HexFormat.of().parseHex(nonce), 64);
    byte[] block = "Attack at dawn! ".repeat(BLOCK_BYTES / 16).getBytes(StandardCharsets.US_ASCII);
    MemorySegment bytes = MemorySegment.ofArray(block);
    try (DataUnitCipher reference =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      reference.encrypt(dun, 0, 0, 0, BLOCK_BYTES, bytes, 0, bytes, 0, BLOCK_BYTES);
    }
    return HexFormat.ofDelimiter(" ").formatHex(block, 0, 16);
  }

  /** The lines of the story whose name is {@code name}; the name starts in column 12. */
  private List<String> linesOf(String name) {
    return out.toString().lines().filter(line -> line.startsWith(name, 11)).toList();
  }

  private int execute(String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "trace";
    System.arraycopy(options, 0, args, 1, options.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
