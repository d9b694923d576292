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
import org.junit.jupiter.params.provider.ValueSource;

class TraceCommandTest {
  private static final int BLOCK_BYTES = 4096;
  private static final int PER_EXTENT_KEY = 9; // HKDF context byte

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theFirstUseOfTheKeyProgramsASlotAndTheSecondFindsIt() {
    assertThat(execute()).isZero();
    assertThat(linesOf("program")).singleElement().asString().contains("slot 0", "15.000 us");
    assertThat(linesOf("keyslot")).hasSize(2);
    assertThat(linesOf("keyslot").get(1)).contains("slot 0", "nothing to program");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theDunIsTheIvLowByteFirst() {
    execute();
    assertThat(linesOf("DUN")).allMatch(line -> line.contains(" 258: "));
    assertThat(linesOf("IV").getFirst())
        .contains("02 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
  }

  @Test
  void theCommandIsExplainedByItsBytes() {
    execute();
    // CDW0 with opcode 1 and command id 0, namespace 1, data unit number 0x0102 in bytes 8 to 23
    assertThat(out.toString()).contains("01 00 00 00 01 00 00 00 02 01 00 00 00 00 00 00");
    // SLBA 4096 + 258 = 0x1102; CETYPE Fh is the low half of byte 50
    assertThat(out.toString()).contains("02 11 00 00 00 00 00 00");
    assertThat(out.toString())
        .contains("opcode 01h: Write", "opcode 02h: Read", "(SLBA) 4354", "(CEV) 0: the keyslot");
  }

  @Test
  void theCiphertextIsWhatTheReferencePredictsFromMasterKeyAndNonce() {
    execute();
    assertThat(linesOf("ciphertext")).hasSize(2).allMatch(line -> line.contains(prediction()));
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

  @Test
  void aTerminalOf100ColumnsAnd60LinesHoldsIt() {
    execute();
    assertThat(out.toString().lines()).hasSizeLessThan(60).allMatch(line -> line.length() <= 100);
  }

  @Test
  void anUnknownEngineAndABadSlotCountAreUsageErrors() {
    assertThat(execute("--engine", "enigma")).isEqualTo(2);
    assertThat(execute("--slots", "0")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(2);
    assertThat(err.toString()).contains("enigma", "--slots must be from 1 to 65535, is 0");
    assertThat(out.toString()).isEmpty();
  }

  /** The first 16 bytes of the lesson's ciphertext, along a way of their own. */
  private static String prediction() {
    byte[] masterKey = new byte[32];
    for (int i = 0; i < masterKey.length; i++) {
      masterKey[i] = (byte) i;
    }
    byte[] nonce = HexFormat.of().parseHex("0123456789abcdeffedcba9876543210");
    byte[] key = IndependentDerivation.derive(masterKey, PER_EXTENT_KEY, nonce, 64);
    byte[] block = "Attack at dawn! ".repeat(BLOCK_BYTES / 16).getBytes(StandardCharsets.US_ASCII);
    MemorySegment bytes = MemorySegment.ofArray(block);
    try (DataUnitCipher reference =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      reference.encrypt(258, 0, 0, 0, BLOCK_BYTES, bytes, 0, bytes, 0, BLOCK_BYTES);
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
