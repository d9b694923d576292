package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InodeInfoTest {
  private static final long MAX_EXTENT_BYTES = 128L << 20;

  private final CryptoContext target = new CryptoContext();

  @Test
  void perInodeTheContentsKeyIsThatOfTheVector() {
    try (InodeInfo inode = unlock(false)) {
      assertThat(Vectors.hex(inode.contentsKey())).isEqualTo(Vectors.PER_FILE_KEY);
    }
  }

  @Test
  void perInodeDataUnitNumbersCountFromTheStartOfTheFile() {
    try (InodeInfo inode = unlock(false)) {
      inode.setContext(target, 7 * 4096);
      assertThat(target.key()).isSameAs(inode.contentsKey());
      assertThat(target.dun0()).isEqualTo(7);
    }
  }

  @Test
  void perExtentTheKeyIsThatOfTheVector() {
    try (InodeInfo inode = unlock(true);
        ExtentInfo extent = inode.newExtent(Vectors::nonce)) {
      assertThat(Vectors.hex(extent.key())).isEqualTo(Vectors.PER_EXTENT_KEY);
    }
  }

  @Test
  void perExtentDataUnitNumbersCountFromTheStartOfTheExtent() {
    try (InodeInfo inode = unlock(true);
        ExtentInfo extent = inode.newExtent(Vectors::nonce)) {
      extent.setContext(target, 3 * 4096);
      assertThat(target.key()).isSameAs(extent.key());
      assertThat(target.dun0()).isEqualTo(3);
    }
  }

  @Test
  void aNewExtentIsStoredWithTheInodesModeAndKeyAndItsOwnNonce() {
    try (InodeInfo inode = unlock(true);
        ExtentInfo extent = inode.newExtent(() -> new Nonce(1, 2))) {
      assertThat(inode.contextOf(extent))
          .isEqualTo(
              new ExtentContext(FscryptMode.AES_256_XTS, Vectors.identifier(), new Nonce(1, 2)));
    }
  }

  @Test
  void oneExtentMetThroughTwoInodesHasTwoKeysWithEqualBytes() {
    Keyring keyring = keyring(true);
    InodeInfo original = InodeInfo.unlock(keyring, Vectors.context());
    InodeInfo clone =
        InodeInfo.unlock(keyring, new FscryptContext(Vectors.context().policy(), new Nonce(3, 4)));
    ExtentInfo written = original.newExtent(Vectors::nonce);
    ExtentInfo shared = clone.loadExtent(original.contextOf(written));
    assertThat(Vectors.hex(shared.key())).isEqualTo(Vectors.hex(written.key()));
    assertThat(shared.key()).isNotSameAs(written.key());
  }

  @Test
  void anExtentOfAnotherMasterKeyIsRefused() {
    ExtentContext foreign =
        new ExtentContext(FscryptMode.AES_256_XTS, new KeyIdentifier(1, 2), Vectors.nonce());
    try (InodeInfo inode = unlock(true)) {
      Rejections.refused(Errno.EINVAL, () -> inode.loadExtent(foreign));
    }
  }

  @Test
  void aPolicyWithDataUnitsLargerThanABlockUnlocksNothing() {
    Keyring keyring = keyring(true);
    FscryptPolicy policy =
        new FscryptPolicy(
            FscryptMode.AES_256_XTS, FscryptMode.AES_256_CBC_CTS, 0, 16, Vectors.identifier());
    Rejections.refused(
        Errno.EINVAL, () -> InodeInfo.unlock(keyring, new FscryptContext(policy, Vectors.nonce())));
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
  }

  @Test
  void dataUnitsSmallerThanABlockAreNumberedOneByOne() {
    FscryptPolicy policy =
        new FscryptPolicy(
            FscryptMode.AES_256_XTS, FscryptMode.AES_256_CBC_CTS, 0, 9, Vectors.identifier());
    try (InodeInfo inode =
            InodeInfo.unlock(keyring(true), new FscryptContext(policy, Vectors.nonce()));
        ExtentInfo extent = inode.newExtent(Vectors::nonce)) {
      extent.setContext(target, 2 * 4096);
      assertThat(target.dun0()).isEqualTo(16);
      assertThat(extent.key().config().dataUnitSizeBytes()).isEqualTo(512);
    }
  }

  @Test
  void perInodeAndPerExtentKeysAreNotMixed() {
    try (InodeInfo inode = unlock(false)) {
      assertThatIllegalStateException().isThrownBy(() -> inode.newExtent(Vectors::nonce));
    }
    try (InodeInfo inode = unlock(true)) {
      assertThatIllegalStateException().isThrownBy(inode::contentsKey);
    }
  }

  @Test
  void closingWipesTheKeys() {
    InodeInfo perInode = unlock(false);
    CryptoKey fileKey = perInode.contentsKey();
    perInode.close();
    assertThatIllegalStateException().isThrownBy(fileKey::exposeSecretBytes);

    try (InodeInfo inode = unlock(true)) {
      ExtentInfo extent = inode.newExtent(Vectors::nonce);
      extent.close();
      assertThatIllegalStateException().isThrownBy(extent.key()::exposeSecretBytes);
    }
  }

  @Test
  void anInodeWhoseKeyIsInUseStaysUnlocked() {
    Keyring keyring = keyring(false);
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
    inode.contentsKey().beginUse();
    assertThatIllegalStateException().isThrownBy(inode::close);
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(2);

    inode.contentsKey().endUse();
    inode.close();
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
  }

  /** bits(max - 1) - log2(data unit), rounded up to bytes, at least one. */
  @ParameterizedTest
  @CsvSource({
    "4096, 1", // one block: no bits
    "1048576, 1", // 20 - 12 = 8 bits
    "1048577, 2", // 21 - 12 = 9 bits
    "134217728, 2", // 128 MiB: 27 - 12 = 15 bits
    "17592186044416, 4", // 16 TiB: 44 - 12 = 32 bits
    "9223372036854775807, 7" // 63 - 12 = 51 bits
  })
  void dataUnitNumbersAreAsWideAsTheLastOneNeeds(long maxContentsBytes, int dunBytes) {
    assertThat(
            new FilesystemTraits(true, 4096, maxContentsBytes)
                .contentsConfig(Vectors.context().policy()))
        .isEqualTo(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, dunBytes));
  }

  private static InodeInfo unlock(boolean perExtent) {
    return InodeInfo.unlock(keyring(perExtent), Vectors.context());
  }

  private static Keyring keyring(boolean perExtent) {
    Keyring keyring = new Keyring(new FilesystemTraits(perExtent, 4096, MAX_EXTENT_BYTES));
    keyring.add(Vectors.masterKey());
    return keyring;
  }
}
