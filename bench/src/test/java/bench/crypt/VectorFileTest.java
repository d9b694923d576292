package bench.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorFileTest {
  private static final Path VECTORS = Path.of("../testdata/vectors");
  private static final String IDENTIFIER_LINE =
      """
      {"id": 9, "kind": "key-identifier", "enable_hw_kdf": true, "master_key": \
      "966996c2655f645734adc5a53634ad778326fe40f9b7752c500344e701ff0736", "key_identifier": \
      "a5ed7e9b5b500e7d622b13e34ac3a408"}\
      """;
  private static final String XTS_LINE =
      """
      {"vector": 1, "cipher": "AES-128-XTS", "key": \
      "0000000000000000000000000000000000000000000000000000000000000000", "iv": \
      "00000000000000000000000000000000", "length": 32, "plaintext": \
      "0000000000000000000000000000000000000000000000000000000000000000", "ciphertext": \
      "917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e"}\
      """;

  private final List<String> report = new ArrayList<>();
  private final EngineSelection reference = EngineSelection.named("reference");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "ieee1619/ieee1619-xts.jsonl, 19, 0",
    "raw/raw-vectors.jsonl, 334, 70",
    "blk-crypto/blk-crypto.jsonl, 80, 20",
    "fscrypt/fscrypt-vectors.jsonl, 170, 20"
  })
  void everyVectorComesOutWithEveryEngineThatHasTheMode(String file, int lines, int ofSm4)
      throws IOException {
    for (CipherEngine engine : CipherEngine.all()) {
      int skipped = engine.supports(CryptoMode.SM4_XTS) ? 0 : ofSm4;
      assertThat(
              VectorFile.check(
                  VECTORS.resolve(file), EngineSelection.named(engine.name()), report::add))
          .as(engine.name())
          .isEqualTo(new VectorFile.Count(lines - skipped, 0, skipped));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ieee1619/ieee1619-xts.jsonl, 19",
    "raw/raw-vectors.jsonl, 334",
    "blk-crypto/blk-crypto.jsonl, 80",
    "fscrypt/fscrypt-vectors.jsonl, 170"
  })
  void everyVectorComesOutWithTheFastestEngineOfItsMode(String file, int lines) throws IOException {
    assertThat(VectorFile.check(VECTORS.resolve(file), EngineSelection.named("auto"), report::add))
        .isEqualTo(new VectorFile.Count(lines, 0, 0));
    assertThat(report).isEmpty();
  }

  @Test
  void aFileMayMixSchemasAndHaveEmptyLines() throws IOException {
    assertThat(check(IDENTIFIER_LINE, "", XTS_LINE)).hasToString("2 passed, 0 failed, 0 skipped");
  }

  @Test
  void whatDiffersFailsByItsId() throws IOException {
    VectorFile.Count count =
        check(XTS_LINE.replace("922e", "922f"), IDENTIFIER_LINE.replace("a408", "a409"));
    assertThat(count).isEqualTo(new VectorFile.Count(0, 2, 0));
    assertThat(report)
        .containsExactly(
            "failed: 1: ciphertext differs from byte 31 on",
            "failed: 9: key identifier differs from byte 15 on");
  }

  @Test
  void inputsThatDoNotGoTogetherFailToo() throws IOException {
    assertThat(check(IDENTIFIER_LINE.replace("0736", ""))).isEqualTo(new VectorFile.Count(0, 1, 0));
    assertThat(report.getFirst()).startsWith("failed: 9: ").contains("30");
  }

  @Test
  void aLineWithoutADataUnitProvesNothingAndFails() throws IOException {
    String nothing =
        XTS_LINE.replaceAll("\"(plain|cipher)text\": \"[0-9a-f]*\"", "\"$1text\": \"\"");
    assertThat(check(nothing)).isEqualTo(new VectorFile.Count(0, 1, 0));
    assertThat(report)
        .containsExactly("failed: 1: plaintext has 0 bytes, less than a data unit of 32");
  }

  @Test
  void onlyWhatTheEngineLacksIsSkipped() throws IOException {
    EngineSelection withoutXts128 =
        mode -> mode == CryptoMode.AES_128_XTS ? Optional.empty() : reference.engineFor(mode);
    assertThat(
            VectorFile.check(
                VECTORS.resolve("ieee1619/ieee1619-xts.jsonl"), withoutXts128, report::add))
        .isEqualTo(new VectorFile.Count(5, 0, 14));
    assertThat(report).containsExactly("skipped: 14 of AES-128-XTS, which the engine lacks");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\": 1, \"cipher\": | not JSON",
        "{} {} | not JSON",
        "[] | not a JSON object",
        "{} | no known schema",
        "{\"id\": 1, \"kind\": \"key-identifier\"} | master_key",
        "{\"id\": 1, \"iv\": \"00\", \"cipher\": \"AES-512-XTS\"} | unknown cipher",
        "{\"id\": 1, \"iv\": \"00\", \"cipher\": \"AES-256-XTS\"} | 16 bytes, not 1",
        "{\"id\": 1, \"iv\": \"0x\", \"cipher\": \"AES-256-XTS\"} | digit 2",
        "{\"id\": 1, \"dun\": [\"-1\"], \"mode\": \"Adiantum\", \"dun_bytes\": 32} | -1"
      })
  void aMalformedLineIsNamedByFileAndNumber(String line, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(XTS_LINE, "", line))
        .withMessageStartingWith(directory.resolve("vectors.jsonl") + ":3: ")
        .withMessageContaining(why);
  }

  private VectorFile.Count check(String... lines) throws IOException {
    Path file = directory.resolve("vectors.jsonl");
    Files.write(file, List.of(lines));
    return VectorFile.check(file, reference, report::add);
  }
}
