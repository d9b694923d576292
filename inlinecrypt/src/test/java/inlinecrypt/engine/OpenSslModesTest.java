package inlinecrypt.engine;

class OpenSslModesTest extends EngineModesContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("openssl");
  }
}
