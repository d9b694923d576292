package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.bio.BioStatus;
import blockdev.queue.crypto.Fallback;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The target writes and reads what Linux's dm-crypt does, and QEMU, whoever encrypts. */
class InlineCryptImagesTest {
  private static final DeviceModel WITHOUT_CRYPTO =
      Disks.SMALL_BLOCKS.withProfile(CryptoProfile.none());
  private static final long START = 17;

  static Stream<DiskEncryptionImage> images() {
    return Stream.concat(DiskEncryptionImage.ofDmCrypt(), DiskEncryptionImage.ofLuks1())
        .filter(DiskEncryptionImage::isForInlineCrypt);
  }

  @Test
  void theImagesHaveSectorsOfThreeSizesAndOffsets() {
    assertThat(images())
        .extracting(DiskEncryptionImage::name)
        .containsExactly(
            "aes256-xts-512",
            "aes256-xts-512-ivoffset",
            "aes256-xts-512-ivoffset-high",
            "aes256-xts-4096-large",
            "aes256-xts-4096-large-ivoffset",
            "aes256-xts-1024-large",
            "aes256-xts-plain64");
  }

  @ParameterizedTest
  @MethodSource("images")
  void theDeviceWritesAndReadsTheImage(DiskEncryptionImage image) {
    try (Disks disks = new Disks(SimulationConfig.defaults(), 1 << 20, Disks.SMALL_BLOCKS)) {
      writeAndRead(disks, image);
      assertThat(disks.device(0).keyslots().counters().programs()).isEqualTo(1);
      assertThat(disks.device(0).keyslots().counters().evicts()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void theFallbackWritesAndReadsTheImage(DiskEncryptionImage image) {
    try (Disks disks = new Disks(SimulationConfig.defaults(), 1 << 20, WITHOUT_CRYPTO)) {
      writeAndRead(disks, image);
      Fallback fallback = Objects.requireNonNull(disks.simulation.blkCrypto().fallback());
      assertThat(fallback.keyslotCounters().programs()).isEqualTo(1);
      assertThat(fallback.keyslotCounters().evicts()).isEqualTo(1);
    }
  }

  private static void writeAndRead(Disks disks, DiskEncryptionImage image) {
    byte[] plaintext = image.plaintext();
    byte[] ciphertext = image.ciphertext();
    int sectors = ciphertext.length / 512;
    InlineCryptTarget target =
        InlineCryptLine.parse(
            disks.simulation.blkCrypto(),
            image.line("disk", START),
            sectors,
            name -> name.equals("disk") ? disks.device(0) : null);
    try (MappedDevice device = disks.mapped(target)) {
      disks.putOnMedium(0, START, ciphertext);
      assertThat(disks.read(device, 0, plaintext.length)).isEqualTo(plaintext);

      disks.putOnMedium(0, START, new byte[ciphertext.length]);
      assertThat(disks.write(device, 0, plaintext)).isEqualTo(BioStatus.OK);
      assertThat(disks.onMedium(0, START, ciphertext.length)).isEqualTo(ciphertext);

      int half = plaintext.length / 2;
      assertThat(disks.read(device, half / 512, half))
          .isEqualTo(Arrays.copyOfRange(plaintext, half, plaintext.length));
    }
  }

  static Stream<DiskEncryptionImage> otherImages() {
    return Stream.concat(DiskEncryptionImage.ofDmCrypt(), DiskEncryptionImage.ofLuks1())
        .filter(image -> !image.isForInlineCrypt());
  }

  /** Another cipher, a shorter key, or large sectors that are numbered in small ones. */
  @ParameterizedTest
  @MethodSource("otherImages")
  void whatDmInlinecryptCannotWriteIsRefused(DiskEncryptionImage image) {
    try (Disks disks = Disks.of(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              InlineCryptLine.parse(
                  disks.simulation.blkCrypto(), image.line("disk", 0), 8, name -> disks.device(0)))
          .withMessageMatching(
              "cipher .*"
                  + "|AES-256-XTS takes a key of 64 bytes, not 32"
                  + "|sector_size .* needs iv_large_sectors");
    }
  }
}
