package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands with the inline-crypto extension against known answers: AES-256-XTS, key 00..3f, data
 * units of zeroes (blk-crypto.md, appendix B, computed with two independent libraries).
 */
class InlineCryptoCommandTest {
  private final HandHost host = HandHost.ready(512, 8);
  private final CryptoKey key512 = HandHost.key(512);
  private final CryptoKey key4096 = HandHost.key(4096);

  @BeforeEach
  void program() {
    host.controller.crypto.program(0, key512);
    host.controller.crypto.program(3, key4096);
  }

  @AfterEach
  void close() {
    host.close();
    key512.close();
    key4096.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, cd6b103236fbd87dba93e9001e29bc3d",
    "1, 0, 0c22ed7e2168a8500b30154c2ec00d26",
    "-1, 0, d0c3fd63559a6a8eacfbf0cd1d3865e9",
    "0, 1, 2aca9fa268f090c0fcfa1ae9c5b934e9",
  })
  void bothLimbsOfTheNumberReachTheCipher(long dun0, long dun1, String ciphertext) {
    Command write = Command.write(7, 1, 0, 0).crypto(15, 0, dun0, dun1);
    assertThat(host.io(write)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(HexFormat.of().formatHex(host.mediumAt(7 * 512, 16))).isEqualTo(ciphertext);
    assertThat(host.mediumAt(0, 7 * 512)).containsOnly(0);
    assertThat(host.mediumAt(8 * 512, 512)).containsOnly(0);
  }

  @Test
  void theNumberCarriesIntoLimbOneFromUnitToUnitAndFromRunToRun() {
    Command write = Command.write(0, 2, 4096 - 512, 65536).crypto(15, 0, -1, 0);
    assertThat(host.io(write)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(HexFormat.of().formatHex(host.mediumAt(0, 16)))
        .isEqualTo("d0c3fd63559a6a8eacfbf0cd1d3865e9");
    assertThat(HexFormat.of().formatHex(host.mediumAt(512, 16)))
        .isEqualTo("2aca9fa268f090c0fcfa1ae9c5b934e9");
  }

  @Test
  void theDataUnitSizeIsTheSlots() throws NoSuchAlgorithmException {
    Command write = Command.write(16, 8, 0, 0).crypto(15, 3, 7, 0);
    assertThat(host.io(write)).isEqualTo(NvmeStatus.SUCCESS);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(host.mediumAt(16 * 512, 4096));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("2ff2383204a6c38aa7ac6efe0a70e760b6208346f8aed8644350a2c396a666c2");
  }

  @Test
  void aReadWithTheSameNumberGivesThePlaintextBackAndAPlainReadTheCiphertext() {
    host.fill(0, 8192, 0x42);
    host.io(Command.write(0, 16, 0, 4096).crypto(15, 3, 5, 0));
    byte[] ciphertext = host.mediumAt(0, 8192);
    host.io(Command.read(0, 16, 65536, 65536 + 4096).crypto(15, 3, 5, 0));
    assertThat(host.memoryAt(65536, 8192)).containsOnly(0x42);
    host.io(Command.read(0, 16, 65536, 65536 + 4096));
    assertThat(host.memoryAt(65536, 8192)).isEqualTo(ciphertext);
    assertThat(host.memoryAt(0, 8192)).as("the source is untouched").containsOnly(0x42);
  }

  @Test
  void aSlotProgrammedAgainHasTheNewKeyAndAnEvictedOneNone() {
    byte[] otherRaw = HandHost.rawKey();
    otherRaw[0]++;
    try (CryptoKey other = new CryptoKey(key512.config(), otherRaw)) {
      host.io(Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0));
      byte[] first = host.mediumAt(0, 512);
      host.controller.crypto.program(0, other);
      host.io(Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0));
      assertThat(Arrays.equals(host.mediumAt(0, 512), first)).isFalse();
      host.controller.crypto.evict(0);
      assertThat(host.io(Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0)))
          .isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    }
  }
}
