package blockdev;

import static inlinecrypt.keyslot.WrappedKeyOperation.DERIVE_SOFTWARE_SECRET;
import static inlinecrypt.keyslot.WrappedKeyOperation.GENERATE;
import static inlinecrypt.keyslot.WrappedKeyOperation.IMPORT;
import static inlinecrypt.keyslot.WrappedKeyOperation.PREPARE;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.wrapped.WrappedKeyDerivation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hardware-wrapped keys from the operation that makes them to the ciphertext on the medium. */
class WrappedKeysOnDeviceTest {
  private final KeyedDevice device = new KeyedDevice(DeviceModel.ufsWrapped(2));
  private final byte[] plaintext = new byte[4 * KeyedDevice.UNIT];

  WrappedKeysOnDeviceTest() {
    new Random(1).nextBytes(plaintext);
  }

  @AfterEach
  void close() {
    device.close();
  }

  /**
   * Raw key 80 81 … 9f: the inline key and the secret are those that xfstests' {@code
   * fscrypt-crypt-util} and an independent program gave.
   */
  @Test
  void dataIsEncryptedWithTheInlineKeyOfTheImportedKeyAndSoftwareGetsTheSoftwareSecret() {
    byte[] ephemeral = device.wrappedKey(PREPARE, device.wrappedKey(IMPORT, rawKey(0x80)));
    byte[] inlineKey =
        HexFormat.of()
            .parseHex(
                "4cf2da732c4fafc0110988f50aeeb01b1ad905221b119a2e4eeee19b53c905c8"
                    + "f0b200656d3a1c9ce14b5e3757a1709feb6061d4ebbcdf7a2161ea4ae0245577");
    try (CryptoKey key = KeyedDevice.wrapped(ephemeral)) {
      assertThat(device.write(key, plaintext)).isEqualTo(BioStatus.OK);
      assertThat(device.onMedium(plaintext.length))
          .isEqualTo(KeyedDevice.ciphertext(inlineKey, plaintext));
      assertThat(device.read(key, plaintext.length)).isEqualTo(plaintext);
      device.evict(key);
    }
    assertThat(HexFormat.of().formatHex(device.wrappedKey(DERIVE_SOFTWARE_SECRET, ephemeral)))
        .isEqualTo("6089cdd611f3ecde2b0665642e0409c6d4e3b054ef485439669387b2efba043d");
    assertThat(device.countInHostMemory(inlineKey)).isZero();
    assertThat(device.countInHostMemory(rawKey(0x80))).isZero();
  }

  /** See {@code WrappedKeyDerivationTest} on why these are not the keys of appendix B. */
  @Test
  void importOf00To1fGivesTheKeysOfTheShippedContexts() {
    byte[] ephemeral = device.wrappedKey(PREPARE, device.wrappedKey(IMPORT, rawKey(0)));
    assertThat(HexFormat.of().formatHex(device.wrappedKey(DERIVE_SOFTWARE_SECRET, ephemeral)))
        .isEqualTo("48b69fb100fda3d600b75d7f25e2b8f1cf95e5de1bd624b9273d537519270c65");
    byte[] inlineKey =
        HexFormat.of()
            .parseHex(
                "16317c8fe3133e7aef46bdede2b39f09a81e9fbe0c095f906c5c1341da6eaf17"
                    + "f151e2982f4f14a5495f78761066cafa5ebb995997d3fb5c8678bb394b6b57dc");
    try (CryptoKey key = KeyedDevice.wrapped(ephemeral)) {
      device.write(key, plaintext);
      assertThat(device.onMedium(plaintext.length))
          .isEqualTo(KeyedDevice.ciphertext(inlineKey, plaintext));
      device.evict(key);
    }
  }

  @Test
  void aCorruptedLongTermBlobIsEbadmsg() {
    byte[] longTerm = device.wrappedKey(GENERATE);
    longTerm[20] ^= 1;
    assertThat(device.refusal(PREPARE, longTerm)).isEqualTo(Errno.EBADMSG);
    assertThat(device.refusal(DERIVE_SOFTWARE_SECRET, longTerm)).isEqualTo(Errno.EBADMSG);
    assertThat(device.refusal(PREPARE, new byte[0])).isEqualTo(Errno.EBADMSG);
  }

  @Test
  void aRawKeyThatTheHardwareDoesNotTakeIsEinval() {
    assertThat(device.refusal(IMPORT, new byte[64])).isEqualTo(Errno.EINVAL);
  }

  @Test
  void afterAPowerCycleAnOldEphemeralBlobIsRejectedAndTheLongTermBlobStillPrepares() {
    byte[] longTerm = device.wrappedKey(GENERATE);
    byte[] old = device.wrappedKey(PREPARE, longTerm);
    byte[] secret = device.wrappedKey(DERIVE_SOFTWARE_SECRET, old);
    try (CryptoKey resident = KeyedDevice.wrapped(old);
        CryptoKey notResident = KeyedDevice.wrapped(old)) {
      device.write(resident, plaintext);
      assertThat(device.await(device.simulation::powerCycleController)).isEqualTo(Errno.OK);
      assertThat(device.refusal(DERIVE_SOFTWARE_SECRET, old)).isEqualTo(Errno.EBADMSG);
      assertThat(device.write(notResident, plaintext))
          .as("cannot be programmed")
          .isEqualTo(BioStatus.IOERR);
      assertThat(device.write(resident, plaintext))
          .as("its slot is empty")
          .isEqualTo(BioStatus.IOERR);
      device.evict(resident);
    }
    byte[] prepared = device.wrappedKey(PREPARE, longTerm);
    assertThat(device.wrappedKey(DERIVE_SOFTWARE_SECRET, prepared)).isEqualTo(secret);
    try (CryptoKey key = KeyedDevice.wrapped(prepared)) {
      assertThat(device.read(key, plaintext.length)).isEqualTo(plaintext);
      device.evict(key);
    }
  }

  @Test
  void afterAResetWrappedKeysAreProgrammedAgainWithoutTheUser() {
    byte[] ephemeral = device.wrappedKey(PREPARE, device.wrappedKey(GENERATE));
    try (CryptoKey key = KeyedDevice.wrapped(ephemeral)) {
      device.write(key, plaintext);
      assertThat(device.await(device.simulation::resetController)).isEqualTo(Errno.OK);
      assertThat(device.simulation.queue().keyslots().counters().reprograms()).isEqualTo(1);
      assertThat(device.read(key, plaintext.length)).isEqualTo(plaintext);
      assertThat(device.simulation.queue().keyslots().counters().misses()).isEqualTo(1);
      device.evict(key);
    }
  }

  @Test
  void whatIsUnderWayInAResetIsIssuedAgainAfterTheReprogramming() {
    byte[] ephemeral = device.wrappedKey(PREPARE, device.wrappedKey(GENERATE));
    try (CryptoKey key = KeyedDevice.wrapped(ephemeral)) {
      device.write(key, plaintext);
      WaitPoint first = new WaitPoint();
      WaitPoint second = new WaitPoint();
      Bio underWay = device.start(BioOp.READ, key, device.page, KeyedDevice.UNIT, first);
      device.queue.await(after(1_000));
      device.simulation.resetController(result -> {});
      Bio later = device.start(BioOp.READ, key, device.page, KeyedDevice.UNIT, second);
      device.queue.await(first);
      device.queue.await(second);
      assertThat(underWay.status()).isEqualTo(BioStatus.OK);
      assertThat(device.simulation.queue().counters().requeues()).isEqualTo(1);
      assertThat(later.status()).isEqualTo(BioStatus.OK);
      device.evict(key);
    }
  }

  private WaitPoint after(long delayNs) {
    WaitPoint over = new WaitPoint();
    device.queue.events().schedule(over::signal, delayNs);
    return over;
  }

  @Test
  void anOperationTakesItsTimeInTheSection() {
    long startNs = device.simulation.time().nowNs();
    byte[] longTerm = device.wrappedKey(GENERATE);
    assertThat(device.simulation.time().nowNs() - startNs).isEqualTo(200_000);
    byte[] ephemeral = device.wrappedKey(PREPARE, longTerm);
    device.wrappedKey(DERIVE_SOFTWARE_SECRET, ephemeral);
    assertThat(device.simulation.time().nowNs() - startNs).isEqualTo(500_000);
  }

  @Test
  void noOtherDeviceOpensTheBlobs() {
    byte[] longTerm = device.wrappedKey(GENERATE);
    try (KeyedDevice other = new KeyedDevice(DeviceModel.ufsWrapped(2).withIdentitySeed(2))) {
      assertThat(other.refusal(PREPARE, longTerm)).isEqualTo(Errno.EBADMSG);
    }
    try (KeyedDevice same = new KeyedDevice(DeviceModel.ufsWrapped(2))) {
      assertThat(same.wrappedKey(PREPARE, longTerm)).hasSize(64);
    }
  }

  @Test
  void aDeviceCanTakeBothTypesOfKeysAndOneKeyGivesTheSameCiphertextAsBoth() {
    CryptoProfile both = DeviceModel.ufsProfile(2).withKeyTypes(EnumSet.allOf(KeyType.class));
    byte[] inlineKey = new byte[64];
    WrappedKeyDerivation.inlineKey(rawKey(3), inlineKey);
    try (KeyedDevice other = new KeyedDevice(DeviceModel.ufs(2).withProfile(both));
        CryptoKey raw = KeyedDevice.raw(inlineKey);
        CryptoKey wrapped =
            KeyedDevice.wrapped(other.wrappedKey(PREPARE, other.wrappedKey(IMPORT, rawKey(3))))) {
      other.write(raw, plaintext);
      byte[] ciphertext = other.onMedium(plaintext.length);
      Arrays.fill(plaintext, (byte) 0);
      assertThat(other.read(wrapped, ciphertext.length)).isNotEqualTo(plaintext);
      other.evict(raw);
      assertThat(other.read(wrapped, ciphertext.length)).startsWith(other.read(wrapped, 4096));
      assertThat(ciphertext)
          .isEqualTo(KeyedDevice.ciphertext(inlineKey, other.read(wrapped, ciphertext.length)));
      other.evict(wrapped);
    }
  }

  @Test
  void aWrappedKeyForAModeThatHardwareDerivesNoKeyForIsInval() {
    CryptoProfile adiantum =
        new CryptoProfile(1, 8, Map.of(CryptoMode.ADIANTUM, 4096))
            .withKeyTypes(EnumSet.of(KeyType.HARDWARE_WRAPPED));
    try (KeyedDevice other = new KeyedDevice(DeviceModel.ufs(1).withProfile(adiantum));
        CryptoKey key =
            new CryptoKey(
                new CryptoConfig(CryptoMode.ADIANTUM, 4096, 8)
                    .withKeyType(KeyType.HARDWARE_WRAPPED),
                other.wrappedKey(PREPARE, other.wrappedKey(GENERATE)))) {
      assertThat(other.write(key, plaintext)).isEqualTo(BioStatus.INVAL);
    }
  }

  @Test
  void aWrappedKeyHasNoFallback() {
    try (KeyedDevice raw = new KeyedDevice(DeviceModel.ufs(2));
        CryptoKey key = KeyedDevice.wrapped(new byte[64])) {
      assertThat(raw.write(key, plaintext)).isEqualTo(BioStatus.NOTSUPP);
      assertThat(raw.refusal(GENERATE, new byte[0])).isEqualTo(Errno.EOPNOTSUPP);
    }
  }

  private static byte[] rawKey(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }
}
