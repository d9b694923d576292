package blockdev.queue;

import static blockdev.queue.QueueUnderTest.LIMITS;
import static blockdev.queue.QueueUnderTest.SECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devices that number data units by their addresses. */
class SubmissionCheckTest {
  private static final CryptoProfile ADDRESSED =
      new CryptoProfile(4, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096)).withDunFromAddress();

  private final CryptoKey key = QueueUnderTest.key(1);

  @Test
  void theNumberOfTheAddressIsTaken() {
    assertThat(refusal(bio(16, 2, 0))).isEqualTo(BioStatus.OK);
  }

  @Test
  void anyOtherNumberIsInvalid() {
    assertThat(refusal(bio(16, 1, 0))).isEqualTo(BioStatus.INVAL);
    assertThat(refusal(bio(16, 16, 0))).as("a sector's").isEqualTo(BioStatus.INVAL);
    assertThat(refusal(bio(16, 2, 1))).as("a second limb").isEqualTo(BioStatus.INVAL);
  }

  @Test
  void anAddressInsideADataUnitHasNoNumber() {
    assertThat(refusal(bio(17, 2, 0))).isEqualTo(BioStatus.INVAL);
  }

  @Test
  void otherDevicesTakeAnyNumber() {
    CryptoProfile other = new CryptoProfile(4, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096));
    assertThat(SubmissionCheck.refusal(bio(17, 99, 7), LIMITS, SECTORS, other))
        .isEqualTo(BioStatus.OK);
  }

  private static BioStatus refusal(Bio bio) {
    return SubmissionCheck.refusal(bio, LIMITS, SECTORS, ADDRESSED);
  }

  private Bio bio(long sector, long dun0, long dun1) {
    Bio bio = new Bio(1, ended -> {}).reset(BioOp.WRITE, sector);
    bio.addSegment(0, 4096);
    bio.crypt().set(key, dun0, dun1, 0, 0);
    return bio;
  }
}
