package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptMode;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Nonce;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Records of the metadata, byte by byte. The contexts are those of the fscrypt series, v7. */
final class RecordEncodingTest {
  private static final KeyIdentifier IDENTIFIER =
      new KeyIdentifier(0x69b2f6edeee720ccL, 0xe0577937eb8a6751L);
  private static final Nonce NONCE = new Nonce(0x0011223344556677L, 0x8899aabbccddeeffL);
  private static final String INODE_CONTEXT =
      "02010403" + "00000000" + IDENTIFIER + "00112233445566778899aabbccddeeff";
  private static final String EXTENT_CONTEXT =
      "0101" + IDENTIFIER + "00112233445566778899aabbccddeeff";

  @Test
  void anInodeHas64Bytes() {
    FscryptContext context = new FscryptContext(FscryptPolicy.aes256Xts(IDENTIFIER), NONCE);
    InodeRecord file = new InodeRecord(InodeRecord.Kind.FILE, 1, 0x0102030405L, context);

    assertEncoded(
        file.encode(), "0201000001000000" + "0504030201000000" + INODE_CONTEXT + "00".repeat(8));
    assertThat(InodeRecord.decode(file.encode())).isEqualTo(file);
  }

  @Test
  void anInodeWithoutPolicyHasNoContext() {
    InodeRecord directory = new InodeRecord(InodeRecord.Kind.DIRECTORY, 1, 0, null);

    assertEncoded(directory.encode(), "0100000001000000" + "00".repeat(56));
    assertThat(InodeRecord.decode(directory.encode())).isEqualTo(directory);
  }

  @Test
  void aFileExtentHas16Bytes() {
    FileExtent run = new FileExtent(100, 0x0102030405L, 3, 7);

    assertEncoded(run.encode(), "0504030201000000" + "03000000" + "07000000");
    assertThat(FileExtent.decode(100, run.encode())).isEqualTo(run);
  }

  @Test
  void aPartOfAFileExtentKeepsItsPositionInTheExtent() {
    FileExtent run = new FileExtent(100, 5, 3, 7);

    assertThat(run.part(102, 106)).isEqualTo(new FileExtent(102, 5, 5, 4));
    assertThat(run.part(102, 106).extentStartBlock()).isEqualTo(run.extentStartBlock());
  }

  @Test
  void anExtentEndsWithItsContext() {
    DiskExtent extent =
        new DiskExtent(
            0x1000, 16, 2, new ExtentContext(FscryptMode.AES_256_XTS, IDENTIFIER, NONCE));

    byte[] encoded = extent.encode(ExtentContext.SIZE_BYTES);
    assertEncoded(encoded, "0010000000000000" + "10000000" + "02000000" + EXTENT_CONTEXT);
    assertThat(DiskExtent.decode(encoded)).isEqualTo(extent);
  }

  @Test
  void aPlainExtentHasZerosForAContext() {
    DiskExtent extent = new DiskExtent(0x1000, 16, 2, null);

    assertEncoded(extent.encode(0), "0010000000000000" + "10000000" + "02000000");
    assertEncoded(
        extent.encode(34), "0010000000000000" + "10000000" + "02000000" + "00".repeat(34));
    assertThat(DiskExtent.decode(extent.encode(0))).isEqualTo(extent);
    assertThat(DiskExtent.decode(extent.encode(34))).isEqualTo(extent);
  }

  private static void assertEncoded(byte[] encoded, String hex) {
    assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(hex);
  }
}
