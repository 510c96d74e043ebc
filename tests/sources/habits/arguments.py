"""Layers and functions with the arguments people give them."""
import torch, math
import torch.nn as nn
import torch.nn.functional as F
class E1(nn.Module):
    """time first lstm as people get wrong"""
    def __init__(self):
        super().__init__(); self.r=nn.LSTM(5,6,bidirectional=True); self.g=nn.GRU(12,4); self.l=nn.Linear(4,2)
    def forward(self,x):
        o,(h,c)=self.r(x); o,h=self.g(o); return self.l(o[-1])
class E2(nn.Module):
    def __init__(self):
        super().__init__(); self.a=nn.MultiheadAttention(8,2); self.n=nn.LayerNorm(8)
    def forward(self,x):
        x=x.permute(1,0,2); y,_=self.a(x,x,x); return self.n(x+y).permute(1,0,2)
class E3(nn.Module):
    def __init__(self):
        super().__init__(); self.c=nn.Conv2d(3,8,3,padding=1,padding_mode='reflect'); self.p=nn.PReLU(8); self.g=nn.GroupNorm(4,8,eps=1e-3); self.s=nn.Softmax2d(); self.l=nn.LocalResponseNorm(5); self.t=nn.ConvTranspose2d(8,4,3,2,1,output_padding=1); self.m=nn.MaxPool2d(3,2,1,ceil_mode=True)
    def forward(self,x):
        return self.m(self.t(self.l(self.s(self.g(self.p(self.c(x)))))))
class E4(nn.Module):
    def __init__(self):
        super().__init__(); self.b=nn.BatchNorm2d(3,affine=False); self.i=nn.BatchNorm1d(4,momentum=None); self.l=nn.Linear(3,4); self.bi=nn.Bilinear(4,4,3)
    def forward(self,x):
        x=self.b(x).mean((2,3)); y=self.i(self.l(x)); return self.bi(y,y)
class E5(nn.Module):
    def __init__(self):
        super().__init__(); self.l=nn.Linear(4,4)
    def forward(self,x):
        h=self.l(x)
        return 1-h, 2**h, -h, h.abs(), h.clamp_min(0), h.std(1), torch.var(h,dim=1,unbiased=False), h.cumsum(1), h.topk(2)[0], h.sort(dim=1,descending=True).values, torch.max(h,1,True)[0], h.min(dim=1).indices, h.norm(p=2,dim=1), h**2/2, 3/(h.exp()+1)
class E6(nn.Module):
    def __init__(self):
        super().__init__(); self.e=nn.Embedding(30,6,padding_idx=0); self.l=nn.Linear(6,1)
    def forward(self,x):
        mask=(x==0)
        h=self.e(x)
        s=self.l(h).squeeze(-1).masked_fill(mask,-1e9)
        a=torch.softmax(s,-1)
        return (a.unsqueeze(1)@h).squeeze(1), (~mask).sum(1,keepdim=True).float()
class E7(nn.Module):
    def __init__(self):
        super().__init__(); self.t=nn.Transformer(d_model=8,nhead=2,num_encoder_layers=1,num_decoder_layers=1,dim_feedforward=16,batch_first=True)
    def forward(self,a,b):
        return self.t(a,b)
class E8(nn.Module):
    def __init__(self):
        super().__init__(); self.W=nn.Parameter(torch.randn(4,3)); self.b=nn.Parameter(torch.zeros(3)); self.s=nn.Parameter(torch.tensor(1.0)); self.r=nn.ParameterList([nn.Parameter(torch.ones(3)) for _ in range(2)])
    def forward(self,x):
        y=torch.addmm(self.b,x,self.W) if False else x@self.W+self.b
        for p in self.r: y=y*p
        return y*self.s
class E9(nn.Module):
    """F.softmax no dim? avg_pool whole; F.pad modes; F.unfold; interpolate scale"""
    def __init__(self):
        super().__init__(); self.c=nn.Conv2d(3,4,3)
    def forward(self,x):
        x=self.c(F.pad(x,(1,1,1,1),mode='replicate'))
        y=F.avg_pool2d(x,x.size()[2:])
        z=F.interpolate(x,scale_factor=0.5,mode='bilinear',align_corners=False)
        u=F.unfold(x,3,padding=1)
        return F.softmax(y.view(y.size(0),-1),1), z, u.mean(1), F.max_pool2d(x,2,stride=1), F.relu6(x), F.gelu(x,approximate='tanh'), F.softplus(x), F.elu(x), F.hardtanh(x,-2,2), F.batch_norm(x,None,None,training=True) if False else x
class E10(nn.Module):
    def __init__(self):
        super().__init__(); self.c=nn.Conv1d(2,4,5,stride=2,dilation=2); self.l=nn.LazyLinear(3) if False else nn.Linear(4,3)
    def forward(self,x):
        x=self.c(x); x=x.view(x.size(0),x.size(1),-1); x=x.transpose(1,2)[:,::2]; x=torch.relu(x).max(1).values
        return F.log_softmax(self.l(x),-1)
class E11(nn.Module):
    """weight norm, spectral norm"""
    def __init__(self):
        super().__init__(); self.c=torch.nn.utils.parametrizations.weight_norm(nn.Conv1d(2,4,3)); 
    def forward(self,x): return self.c(x)
class E12(nn.Module):
    """dropout variations + eval; tuple unpack star; chained compare; ternary in forward by training"""
    def __init__(self,p=.5):
        super().__init__(); self.l=nn.Linear(4,4); self.p=p; self.alpha=nn.AlphaDropout(p); self.d=nn.Dropout2d(p)
    def forward(self,x):
        x=self.l(x); x=self.alpha(x); x=F.dropout(x,self.p,self.training)
        a,*b=x.split([1,1,2],dim=1)
        return (a*b[0]+b[1]) if not self.training else a
class E13(nn.Module):
    """stack, unbind rows, zip over chunks, index by list"""
    def __init__(self):
        super().__init__(); self.ls=nn.ModuleList([nn.Linear(2,2) for _ in range(3)])
    def forward(self,x):
        parts=x.chunk(3,1); outs=[l(p) for l,p in zip(self.ls,parts)]
        s=torch.stack(outs,1); a,b,c=s.unbind(1)
        return a+b*c, torch.cat(outs[::-1],1), s[:,None].squeeze(1), torch.einsum('bij,bkj->bik',s,s)
class E14(nn.Module):
    def __init__(self):
        super().__init__(); self.q=nn.Linear(8,8,bias=False); self.kv=nn.Linear(8,16,bias=False); self.h=2
    def forward(self,x):
        B,N,C=x.shape; H=self.h
        q=self.q(x).view(B,N,H,C//H).transpose(1,2)
        k,v=self.kv(x).view(B,N,2,H,-1).permute(2,0,3,1,4)
        o=F.scaled_dot_product_attention(q,k,v,is_causal=True)
        return o.transpose(1,2).reshape(B,N,C), torch.triu(torch.full((N,N),float('-inf')),1) if False else q
class E15(nn.Module):
    """global state counters, class-level config, super chain, *args in forward"""
    cfg={'w':(6,5)}
    def __init__(self, **over):
        super().__init__(); cfg={**self.cfg,**over}; w=cfg['w']
        self.a,self.b=nn.Linear(4,w[0]),nn.Linear(w[0],w[1]); self.names=['a','b']
    def forward(self,x,*rest):
        for n in self.names: x=torch.tanh(self.__getattr__(n)(x))
        return x
class E16(nn.Module):
    def __init__(self):
        super().__init__(); self.e=nn.EmbeddingBag(20,4,mode='mean'); self.f=nn.Linear(4,2)
    def forward(self,x): return self.f(self.e(x))
