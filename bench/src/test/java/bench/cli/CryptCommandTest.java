package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CryptCommandTest {
  /** 01 02 … 40; the answers for it are those of {@code FscryptAnswersTest}. */
  private static final String MASTER_KEY = masterKey();

  private static final String NONCE = "00112233445566778899aabbccddeeff";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void standardInputIsEncryptedToStandardOutputAndBack() {
    byte[] name = "foo.txt".getBytes(StandardCharsets.UTF_8);
    List<String> options =
        List.of(
            "--kdf=HKDF-SHA512", "--file-nonce=" + NONCE, "--padding=4", "--data-unit-size=255");

    byte[] ciphertext = crypt(name, options, "AES-256-CTS-CBC", MASTER_KEY);
    List<String> decrypting = new ArrayList<>(options);
    decrypting.add("--decrypt");
    byte[] decrypted = crypt(ciphertext, decrypting, "4", MASTER_KEY);

    assertThat(HexFormat.of().formatHex(ciphertext)).isEqualTo("a50c8998fe960bcd468e678f375f3292");
    assertThat(decrypted).isEqualTo(Arrays.copyOf(name, 16));
  }

  @Test
  void theOldNamesOfDataUnitsAreStillTaken() {
    byte[] plaintext = new byte[1024];
    assertThat(
            crypt(
                plaintext,
                List.of("--block-size=512", "--block-number", "3"),
                "AES-256-XTS",
                MASTER_KEY))
        .isEqualTo(
            crypt(
                plaintext,
                List.of("--data-unit-size=512", "--data-unit-index=3"),
                "aes-256-xts",
                MASTER_KEY));
  }

  @Test
  void theKeyIdentifierIsThatOfXfstests() {
    assertThat(execute("--dump-key-identifier", "--kdf=HKDF-SHA512", MASTER_KEY)).isZero();
    assertThat(out.toString().strip()).isEqualTo("69b2f6edeee720cce0577937eb8a6751");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AES-256-XTS | expected CIPHER and MASTER_KEY",
        "AES-256-XTS 00 11 | got 3 arguments",
        "AES-512-XTS KEY | unknown cipher; there are AES-256-XTS",
        "KEY AES-256-XTS | unknown cipher",
        "AES-256-XTS 0g | digit 2",
        "AES-256-XTS 000 | odd number",
        "AES-256-XTS 00 | 1 bytes is too short",
        "--kdf=SHA1 AES-256-XTS KEY | SHA1",
        "--kdf=HKDF-SHA512 AES-256-XTS KEY | file nonce",
        "--file-nonce=00 AES-256-XTS KEY | 32 hexadecimal digits, has 2",
        "--fs-uuid=00 AES-256-XTS KEY | 32 hexadecimal digits, has 2",
        "--inode-number=0 AES-256-XTS KEY | --inode-number",
        "--inode-number=-1 AES-256-XTS KEY | -1",
        "--mode-num=256 AES-256-XTS KEY | 256",
        "--data-unit-size=15 AES-256-XTS KEY | 15",
        "--data-unit-size=1000 AES-128-CBC-ESSIV KEY | 1000",
        "--padding=3 AES-256-XTS KEY | 3",
        "--direct-key --iv-ino-lblk-64 AES-256-XTS KEY | does not go with",
        "--iv-ino-lblk-64 --inode-number=4294967296 AES-256-XTS KEY | 4294967296",
        "--iv-ino-lblk-64 --inode-number=1 --data-unit-index=4294967296 AES-256-XTS KEY | 32 bits",
        "--dump-key-identifier KEY | HKDF-SHA512",
        "--engine=none AES-256-XTS KEY | none",
        "--batch=nowhere.jsonl | nowhere.jsonl",
        "--batch=nowhere.jsonl --decrypt | --decrypt"
      })
  void aUsageErrorIsOneLineAndExitCode2(String arguments, String why) {
    assertThat(execute(arguments.replace("KEY", MASTER_KEY).split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(why).doesNotContain(MASTER_KEY);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aBatchEndsWithItsCounts() {
    assertThat(
            execute(
                "--batch", "../testdata/vectors/ieee1619/ieee1619-xts.jsonl", "--engine=reference"))
        .isZero();
    assertThat(out.toString().lines()).containsExactly("19 passed, 0 failed, 0 skipped");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aBatchWithAFailureHasExitCode1() throws IOException {
    Path file = directory.resolve("wrong.jsonl");
    Files.writeString(
        file,
        "{\"id\": 7, \"kind\": \"key-identifier\", \"enable_hw_kdf\": false, \"master_key\": \""
            + MASTER_KEY
            + "\", \"key_identifier\": \"00b2f6edeee720cce0577937eb8a6751\"}\n");
    assertThat(execute("--batch", file.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "failed: 7: key identifier differs from byte 0 on", "0 passed, 1 failed, 0 skipped");
  }

  @Test
  void aMalformedBatchIsOneLineWithFileAndNumber() throws IOException {
    Path file = directory.resolve("malformed.jsonl");
    Files.writeString(file, "\nthis is no JSON\n");
    assertThat(execute("--batch", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("inlinecrypt: " + file + ":2: not JSON");
  }

  private int execute(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "crypt";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }

  private byte[] crypt(byte[] input, List<String> options, String cipher, String masterKey) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(options);
    arguments.add(cipher);
    arguments.add(masterKey);
    int exitCode =
        new CommandLine(new CryptCommand(new ByteArrayInputStream(input), bytes))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(exitCode).as(err.toString()).isZero();
    return bytes.toByteArray();
  }

  private static String masterKey() {
    byte[] key = new byte[64];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i + 1);
    }
    return HexFormat.of().formatHex(key);
  }
}
