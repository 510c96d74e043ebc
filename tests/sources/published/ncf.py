import torch
import torch.nn as nn


class NeuMF(nn.Module):
    """Neural collaborative filtering: users and items, factors and an MLP."""

    def __init__(self, num_users=943, num_items=1682, mf_dim=8, layers=[64, 32, 16, 8]):
        super(NeuMF, self).__init__()
        self.MF_Embedding_User = nn.Embedding(num_embeddings=num_users, embedding_dim=mf_dim)
        self.MF_Embedding_Item = nn.Embedding(num_embeddings=num_items, embedding_dim=mf_dim)
        self.MLP_Embedding_User = nn.Embedding(num_embeddings=num_users, embedding_dim=layers[0] // 2)
        self.MLP_Embedding_Item = nn.Embedding(num_embeddings=num_items, embedding_dim=layers[0] // 2)

        self.dnn_network = nn.ModuleList([nn.Linear(layer[0], layer[1]) for layer in list(zip(layers[:-1], layers[1:]))])
        self.linear = nn.Linear(layers[-1], mf_dim)

        # After concatenating the two, the output layer
        self.linear2 = nn.Linear(2 * mf_dim, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, users, items):
        MF_Embedding_User = self.MF_Embedding_User(users)
        MF_Embedding_Item = self.MF_Embedding_Item(items)

        # GMF
        mf_vec = torch.mul(MF_Embedding_User, MF_Embedding_Item)

        # MLP
        MLP_Embedding_User = self.MLP_Embedding_User(users)
        MLP_Embedding_Item = self.MLP_Embedding_Item(items)
        x = torch.cat([MLP_Embedding_User, MLP_Embedding_Item], dim=-1)
        for linear in self.dnn_network:
            x = linear(x)
            x = torch.relu(x)
        mlp_vec = self.linear(x)

        vector = torch.cat([mf_vec, mlp_vec], dim=-1)
        output = self.sigmoid(self.linear2(vector))
        return output
