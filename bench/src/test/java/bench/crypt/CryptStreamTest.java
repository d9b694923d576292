package bench.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IvScheme;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CryptStreamTest {
  private final SplittableRandom random = new SplittableRandom(3);
  private final DataUnitCipher cipher =
      CipherEngine.fastest(CryptoMode.AES_256_XTS)
          .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(bytes(64)));

  @AfterEach
  void close() {
    cipher.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536, 48, 3 << 20})
  void aStreamOfAnyLengthComesBack(int dataUnitSizeBytes) throws IOException {
    byte[] plaintext = bytes((2 << 20) + 12345);
    int paddedBytes = Math.ceilDiv(plaintext.length, dataUnitSizeBytes) * dataUnitSizeBytes;

    byte[] ciphertext = run(IvScheme.perFile(), dataUnitSizeBytes, 7, false, plaintext);
    byte[] decrypted = run(IvScheme.perFile(), dataUnitSizeBytes, 7, true, ciphertext);

    assertThat(ciphertext).hasSize(paddedBytes);
    assertThat(decrypted).isEqualTo(Arrays.copyOf(plaintext, paddedBytes));
  }

  @Test
  void dataUnitsDoNotDependOnWhatCameBefore() throws IOException {
    byte[] plaintext = bytes(3 << 20); // more than is read at once
    byte[] ciphertext = run(IvScheme.perFile(), 4096, 0, false, plaintext);
    int from = 300 * 4096;
    assertThat(
            run(
                IvScheme.perFile(),
                4096,
                300,
                false,
                Arrays.copyOfRange(plaintext, from, plaintext.length)))
        .isEqualTo(Arrays.copyOfRange(ciphertext, from, ciphertext.length));
  }

  /** With 2^32 - 2 to start from, the units have the numbers 2^32 - 2, 2^32 - 1, 0 and 1. */
  @Test
  void ivInoLblk32WrapsWithinTheStream() throws IOException {
    byte[] plaintext = bytes(4 * 512);
    byte[] ciphertext = run(IvScheme.inodeAndIndex32(-2), 512, 0, false, plaintext);
    byte[] fromZero =
        run(IvScheme.perFile(), 512, 0, false, Arrays.copyOfRange(plaintext, 1024, 2048));
    assertThat(Arrays.copyOfRange(ciphertext, 1024, 2048)).isEqualTo(fromZero);
  }

  @Test
  void anEmptyStreamStaysEmpty() throws IOException {
    assertThat(run(IvScheme.perFile(), 4096, 0, false, new byte[0])).isEmpty();
  }

  @Test
  void aCiphertextThatEndsWithinADataUnitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(IvScheme.perFile(), 512, 0, true, new byte[612]))
        .withMessageContaining("100 bytes")
        .withMessageContaining("512");
  }

  private byte[] run(
      IvScheme ivs, int dataUnitSizeBytes, long firstIndex, boolean decrypt, byte[] input)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CryptStream(cipher, ivs, dataUnitSizeBytes, dataUnitSizeBytes, firstIndex, decrypt)
        .run(new ByteArrayInputStream(input), out);
    return out.toByteArray();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
