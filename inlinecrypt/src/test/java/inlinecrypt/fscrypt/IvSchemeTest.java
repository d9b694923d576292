package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class IvSchemeTest {
  @Test
  void perFileTheNumberIsTheIndex() {
    assertNumber(IvScheme.perFile(), 0x1_0000_0005L, 0x1_0000_0005L, 0, 0);
  }

  @Test
  void directKeyPutsTheNonceAboveTheIndex() {
    Nonce nonce = Nonce.read(Vectors.unhex("00112233445566778899aabbccddeeff"), 0);
    assertNumber(IvScheme.directKey(nonce), 7, 7, 0x7766554433221100L, 0xffeeddccbbaa9988L);
  }

  @Test
  void ivInoLblk64PutsTheInodeAboveTheIndex() {
    assertNumber(IvScheme.inodeAndIndex64(12345), 7, 12345L << 32 | 7, 0, 0);
    assertNumber(IvScheme.inodeAndIndex64(0xffff_ffffL), 0xffff_ffffL, -1, 0, 0);
  }

  @Test
  void ivInoLblk64TakesNoInodeAbove32Bits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IvScheme.inodeAndIndex64(1L << 32))
        .withMessageContaining("4294967296");
  }

  /**
   * Inode 67594 of the master key in {@link MasterSecretTest}: block 515 is the first that wraps.
   */
  @Test
  void ivInoLblk32CountsFromTheHashedInodeAndWraps() {
    IvScheme scheme = IvScheme.inodeAndIndex32(0xfffffdfd);
    assertNumber(scheme, 0, 0xfffffdfdL, 0, 0);
    assertNumber(scheme, 514, 0xffffffffL, 0, 0);
    assertNumber(scheme, 515, 0, 0, 0);
    assertThat(scheme.contiguousUnits(0)).isEqualTo(515);
    assertThat(scheme.contiguousUnits(514)).isEqualTo(1);
    assertThat(scheme.contiguousUnits(515)).isEqualTo(1L << 32);
  }

  @Test
  void ivInoLblk64NumbersEndWithTheIndex() {
    IvScheme scheme = IvScheme.inodeAndIndex64(1);
    assertThat(scheme.contiguousUnits(0)).isEqualTo(1L << 32);
    assertThat(scheme.contiguousUnits(0xffff_fffeL)).isEqualTo(2);
    assertThat(scheme.limb0(1L << 32)).as("the inode stays").isEqualTo(1L << 32);
  }

  @Test
  void indexesOf64BitsGoOnToTheirEnd() {
    assertThat(IvScheme.perFile().contiguousUnits(0)).isEqualTo(-1);
    assertThat(IvScheme.perFile().contiguousUnits(1)).isEqualTo(-1);
    assertThat(IvScheme.perFile().contiguousUnits(-3)).isEqualTo(3);
  }

  private static void assertNumber(
      IvScheme scheme, long index, long limb0, long limb1, long limb2) {
    assertThat(scheme.limb0(index)).isEqualTo(limb0);
    assertThat(scheme.limb1()).isEqualTo(limb1);
    assertThat(scheme.limb2()).isEqualTo(limb2);
  }
}
