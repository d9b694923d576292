package bench.crypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.NamePadding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Known answers for the master key 01 02 … 40, one nonce, one UUID and inode 12345. All were
 * computed by xfstests' {@code fscrypt-crypt-util} and by an independent program, which agreed; the
 * symlink by the latter alone.
 */
class FscryptAnswersTest {
  private static final String NONCE = "00112233445566778899aabbccddeeff";
  private static final String FILESYSTEM = "101112131415161718191a1b1c1d1e1f";
  private static final long INODE = 12345;

  @ParameterizedTest(name = "{0}, {1}, {2}, data units of {3} bytes")
  @CsvSource({
    "AES-256-XTS, HKDF-SHA512, per-file, 4096,"
        + " 4d24e2528aaae4beee55d9a27ca205512d72c54b4f1ad18016c159acadb9f168",
    "AES-256-XTS, HKDF-SHA512, per-file, 512,"
        + " c66821aca4c94a0e1392c67780e47e4538f5acd856837eb329a6c8458cdd68b4",
    "AES-256-XTS, AES-128-ECB, per-file, 4096,"
        + " bee09d976d5209c5f8d110e5196105d967195af9d1cfae42c127d3e8b18bc42a",
    "AES-256-XTS, HKDF-SHA512, iv-ino-lblk-64, 4096,"
        + " 97cdd4370f0e7afa9a12efd5efc2dfd69bf232b92088e3f0709cf8e83854a15c",
    "AES-256-XTS, HKDF-SHA512, iv-ino-lblk-32, 4096,"
        + " 1c2f233f7c5c6d20d3642f1a15f99e32873cc95f5c4bda0f49f648b9c309fd12",
    "AES-128-CBC-ESSIV, HKDF-SHA512, per-file, 4096,"
        + " fdc14ad257ff4ba80f7fc074be8988ab43982040f6f5846232cc0b0f7cdf5e04",
    "Adiantum, HKDF-SHA512, per-file, 4096,"
        + " b7b60a0b35919f2b6c35fa05b164c6e261ad6e578267fe01fa9fc6d55dbc2c57",
    "Adiantum, HKDF-SHA512, direct-key, 4096,"
        + " 550808cf62bca557c7a5e6829b231029632a36d6377a2d878ff603547569ced1",
    "Adiantum, none, direct-key, 4096,"
        + " 79659405874bd270d7943abfb4b41c73375cf6b4b079918457a55cb464a4fbf0"
  })
  void contentsHaveTheSha256(
      String cipher, String kdf, String ivMethod, int dataUnitSizeBytes, String sha256)
      throws IOException {
    int mode = cipher.equals("Adiantum") ? 9 : 1;
    KeyInputs inputs = inputs(cipher, kdf, ivMethod, mode, false);
    byte[] ciphertext =
        encrypt(inputs, masterKey(), dataUnitSizeBytes, dataUnitSizeBytes, contents());
    assertThat(sha256(ciphertext)).isEqualTo(sha256);
  }

  @Test
  void theEndOfAFileIsPaddedToADataUnit() throws IOException {
    KeyInputs inputs = inputs("AES-256-XTS", "HKDF-SHA512", "per-file", 1, false);
    byte[] ciphertext = encrypt(inputs, masterKey(), 4096, 4096, Arrays.copyOf(contents(), 100));
    assertThat(ciphertext).hasSize(4096);
    assertThat(sha256(ciphertext))
        .isEqualTo("c02afaffe5c264bb055da57f196e8bb77e8da6fdc92b55752d31f3ddd8614c6d");
  }

  @Test
  void contentsUnderAWrappedKeyTakeTheKeyThatHardwareDerives() throws IOException {
    byte[] rawKey = new byte[32];
    for (int i = 0; i < rawKey.length; i++) {
      rawKey[i] = (byte) (0x80 + i);
    }
    KeyInputs inputs = inputs("AES-256-XTS", "HKDF-SHA512", "iv-ino-lblk-64", 1, true);
    assertThat(sha256(encrypt(inputs, rawKey, 4096, 4096, contents())))
        .isEqualTo("999a0049e8b12bc37ce7b5b14400ff7d7a83b1b859101d9e0a7926f498deaa23");
  }

  @ParameterizedTest(name = "{0} padded to {1}")
  @CsvSource({
    "a, 4, 745cae06402f0223ae7645a1c5f56292,"
        + " 7eb81c192bd3ec3a2f2bfa2b96771fc6, 865fcd91748060fe3fcd76f0b6c95bef",
    "a, 32, 0b0be6795184d5e8a210d852ad8b3461745cae06402f0223ae7645a1c5f56292,"
        + " ceb2fbb6cf415a035d6beaf89c513d55c7da2571881f20a23e8b02c72e6e7401,"
        + " 23d804498bfc8ce765113ffab4a7fa1fa4b8ee96bdc3fa0659180b566ee432b7",
    "foo.txt, 4, a50c8998fe960bcd468e678f375f3292,"
        + " 3502f48da257bc4c55516961268e4cb0, 16cbef17fca7e1fc755c4e179238cf59",
    "abcdefghijklmnop, 4, 56f08f52c14efa5c80b1fee04a2cdfb6,"
        + " 87b2138db1e6b60f17f16423be3c9ac9, 4d6242c10099f3dfe3e35b4eef96a771",
    "abcdefghijklmnopq, 4, 8984b5e83f43303bd454708f30fc7ab756f08f52,"
        + " 06f42ed0a3260124103ffa901792686c9ab283a9, a348efb8b06743b99b2bb45e30d08c9916fc8c8a"
  })
  void namesAreEncryptedToThis(
      String name, int paddingBytes, String cts, String hctr2, String adiantum) throws IOException {
    assertThat(hexOfName("AES-256-CTS-CBC", "per-file", name, paddingBytes)).isEqualTo(cts);
    assertThat(hexOfName("AES-256-HCTR2", "per-file", name, paddingBytes)).isEqualTo(hctr2);
    assertThat(hexOfName("Adiantum", "per-file", name, paddingBytes)).isEqualTo(adiantum);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({
    "n, 100, AES-256-CTS-CBC, 03dc1873056ef3176724061054f474718d1e1d4dd90c0b8fa8acb563703e6bd0",
    "n, 100, AES-256-HCTR2, eff26c08f65a14ce2dcdb00b3a2593a5f66df1b2beeeaf9d4f30cef522ec3eb0",
    "n, 100, Adiantum, bf0544c9e05a6a7cea98c85a217f3d66e97d1c10a1aafae4b671e77bf0857362",
    "z, 255, AES-256-CTS-CBC, 07aac7f2f54dcf05133c9bc3b82302050bb2b99156523c3247c6e7a6e487eebd",
    "z, 255, AES-256-HCTR2, 9ad4c81b091007ad64e8ceec97005a81996ef21f71d4c9ed47f95685569ecd3e",
    "z, 255, Adiantum, d6a93e547a7c9d24f20b00d3eef902a4af97b3cf03cfa643e778f5b6c9e01a8a"
  })
  void longNamesHaveTheSha256(String letter, int count, String cipher, String sha256)
      throws IOException {
    String hex = hexOfName(cipher, "per-file", letter.repeat(count), 4);
    assertThat(sha256(HexFormat.of().parseHex(hex))).isEqualTo(sha256);
  }

  @Test
  void namesTakeThePolicysIvMethod() throws IOException {
    assertThat(hexOfName("AES-256-CTS-CBC", "iv-ino-lblk-64", "foo.txt", 16))
        .isEqualTo("250ca8fe47ac104e9d3b0f8544100312");
    assertThat(hexOfName("AES-256-CTS-CBC", "iv-ino-lblk-32", "foo.txt", 16))
        .isEqualTo("9af3cbd02b183758010088dd5ec67f1d");
  }

  @Test
  void aSymlinkIsALongerName() throws IOException {
    KeyInputs inputs = inputs("AES-256-CTS-CBC", "HKDF-SHA512", "per-file", 4, false);
    byte[] target = "../target/file".getBytes(StandardCharsets.UTF_8);
    assertThat(encrypt(inputs, masterKey(), NamePadding.MAX_SYMLINK_BYTES, 32, target))
        .asHexString()
        .isEqualToIgnoringCase("f66c690a2027cc7445f085547e347b97f7df6dc9b685d1dab3f6ae87bc063452");
  }

  private static String hexOfName(String cipher, String ivMethod, String name, int paddingBytes)
      throws IOException {
    KeyInputs inputs = inputs(cipher, "HKDF-SHA512", ivMethod, 4, false);
    byte[] plaintext = name.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of()
        .formatHex(
            encrypt(inputs, masterKey(), NamePadding.MAX_NAME_BYTES, paddingBytes, plaintext));
  }

  private static KeyInputs inputs(
      String cipher, String kdf, String ivMethod, int modeNumber, boolean wrapped) {
    return new KeyInputs(
        CipherName.mode(cipher),
        Kdf.named(kdf),
        IvMethod.named(ivMethod),
        modeNumber,
        Hex.nonce(NONCE),
        Hex.uuid(FILESYSTEM),
        INODE,
        wrapped,
        wrapped);
  }

  private static byte[] encrypt(
      KeyInputs inputs, byte[] masterKey, int dataUnitSizeBytes, int paddingBytes, byte[] plaintext)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataUnitCipher cipher =
        CipherEngine.named("reference")
            .prepare(inputs.mode(), MemorySegment.ofArray(inputs.deriveKey(masterKey)))) {
      new CryptStream(cipher, inputs.ivScheme(masterKey), dataUnitSizeBytes, paddingBytes, 0, false)
          .run(new ByteArrayInputStream(plaintext), out);
    }
    return out.toByteArray();
  }

  private static byte[] masterKey() {
    byte[] key = new byte[64];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i + 1);
    }
    return key;
  }

  private static byte[] contents() {
    byte[] bytes = new byte[8192];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (7 * i + (i >> 8));
    }
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
