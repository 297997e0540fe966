"""The same with Lightning, its logger and its Trainer."""

import sys
import time

import lightning
import torch
from lightning.pytorch.loggers import CSVLogger

given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)


class Model(lightning.LightningModule):
    def __init__(self, lr: float) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(4, 1)

    def step(self, batch: torch.Tensor, name: str) -> torch.Tensor:
        loss = (self.layer(batch) - batch.sum(1, keepdim=True)).pow(2).mean()
        self.log(name, loss)
        return loss

    def training_step(self, batch: torch.Tensor, _: int) -> torch.Tensor:
        time.sleep(float(given.get("seconds", 3)) / 80)
        return self.step(batch, "train_loss_step")

    def validation_step(self, batch: torch.Tensor, _: int) -> None:
        self.step(batch, "val_loss")

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)


data = torch.utils.data.DataLoader(torch.randn(160, 4), batch_size=8)
trainer = lightning.Trainer(
    max_epochs=4,
    log_every_n_steps=5,
    logger=CSVLogger(given.get("output_dir", "out"), flush_logs_every_n_steps=5),
    enable_progress_bar=False,
)
trainer.fit(Model(float(given.get("learning_rate", 0.1))), data, data)
